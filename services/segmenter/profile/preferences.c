/* preferences.c - see preferences.h. */
#include "preferences.h"

#include <string.h>

/* Inserts by days; of two allowances for the same days the smaller limit counts. */
static void add(struct seg_preferences *preferences, struct seg_allowance allowance)
{
	struct seg_allowance *list = preferences->allowances;
	unsigned at = 0;

	while (at < preferences->count && list[at].days < allowance.days)
		at++;
	if (at < preferences->count && list[at].days == allowance.days) {
		if (allowance.limit < list[at].limit)
			list[at] = allowance;
		return;
	}
	memmove(list + at + 1, list + at, (preferences->count - at) * sizeof(*list));
	list[at] = allowance;
	preferences->count++;
}

static int64_t difference(const struct seg_preferences *a, const struct seg_preferences *b)
{
	if (a->paused_until_ms != b->paused_until_ms)
		return a->paused_until_ms < b->paused_until_ms ? -1 : 1;
	for (unsigned i = 0; i < SEG_ALLOWANCES_MAX; i++) {
		const struct seg_allowance *x = &a->allowances[i], *y = &b->allowances[i];

		if (x->days != y->days)
			return (int64_t)x->days - y->days;
		if (x->limit != y->limit)
			return (int64_t)y->limit - x->limit;
	}
	return 0;
}

void seg_preferences_note(struct seg_profile *profile, const Nurture__V1__Preferences *preferences,
			  int64_t time_ms)
{
	struct seg_preferences *old = &profile->preferences;
	struct seg_preferences new = {.time_ms = time_ms,
				      .paused_until_ms = preferences->paused_until_ms};

	for (size_t i = 0; i < preferences->n_allowances && i < SEG_ALLOWANCES_MAX; i++)
		add(&new, (struct seg_allowance){preferences->allowances[i]->limit,
						 preferences->allowances[i]->days});
	if (time_ms > old->time_ms || (time_ms == old->time_ms && difference(&new, old) > 0))
		*old = new;
}

/* Adds the allowance when there is room for it, or it replaces one of the same days. */
static void add_if_room(struct seg_preferences *preferences, struct seg_allowance allowance)
{
	bool has_days = false;

	for (unsigned i = 0; i < preferences->count; i++)
		has_days = has_days || preferences->allowances[i].days == allowance.days;
	if (has_days || preferences->count < SEG_ALLOWANCES_MAX)
		add(preferences, allowance);
}

void seg_preferences_unite(struct seg_profile *profile, const struct seg_profile *with,
			   int64_t merged_ms)
{
	const struct seg_preferences *own = &profile->preferences, *other = &with->preferences;
	bool is_newer = other->time_ms > own->time_ms ||
			(other->time_ms == own->time_ms && difference(other, own) > 0);
	struct seg_preferences both = is_newer ? *other : *own;
	const struct seg_preferences *older = is_newer ? own : other;

	if (both.time_ms <= merged_ms) {
		both.paused_until_ms = seg_max(both.paused_until_ms, older->paused_until_ms);
		for (unsigned i = 0; i < older->count; i++)
			add_if_room(&both, older->allowances[i]);
	}
	profile->preferences = both;
}
