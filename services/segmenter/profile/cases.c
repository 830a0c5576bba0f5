/* cases.c - see cases.h. */
#include "cases.h"

#include <string.h>

#include "common/policy/case_event.h"
#include "common/policy/case_name.h"
#include "orders.h"
#include "dedup.h"

static int64_t last_ms(const struct seg_case *c)
{
	return seg_max(c->opened_ms, c->closed_ms);
}

/*
 * Closed cases are dropped first, the oldest before the others; then the open case that was opened
 * longest ago.
 */
static bool is_dropped_before(const struct seg_case *a, const struct seg_case *b)
{
	if (seg_case_is_open(a) != seg_case_is_open(b))
		return seg_case_is_open(b);
	return last_ms(a) < last_ms(b);
}

static uint64_t fact_of(const char *name)
{
	return seg_fact_hash("case", name, NULL);
}

/*
 * Remembers the dropped case as a fact, so that an old opening of it does not come back as a new
 * one.
 */
static void drop_one(struct seg_profile *profile)
{
	unsigned victim = 0;

	for (unsigned i = 1; i < profile->case_count; i++)
		if (is_dropped_before(&profile->cases[i], &profile->cases[victim]))
			victim = i;
	seg_dedup_add_fact(profile, fact_of(profile->cases[victim].id),
			   last_ms(&profile->cases[victim]));
	seg_list_close(profile->cases, profile->case_count--, sizeof(*profile->cases), victim);
}

static struct seg_case *find(const struct seg_profile *profile, const char *name)
{
	for (unsigned i = 0; i < profile->case_count; i++)
		if (strcmp(profile->cases[i].id, name) == 0)
			return &profile->cases[i];
	return NULL;
}

/* Returns the case of that name, and adds it when no event spoke of it before. */
static struct seg_case *take(struct seg_profile *profile, const char *name, const char *order)
{
	struct seg_case *c = find(profile, name);
	unsigned at = 0;

	if (!c) {
		while (at < profile->case_count && strcmp(profile->cases[at].id, name) < 0)
			at++;
		profile->cases = seg_list_open(profile->arena, profile->cases, profile->case_count,
					       &profile->case_room, sizeof(*c), at);
		profile->case_count++;
		c = &profile->cases[at];
		*c = (struct seg_case){name, "", SEG_NEVER, SEG_NEVER};
	}
	if (*order)
		c->order = order;
	return c;
}

static bool close_one(struct seg_case *c, int64_t time_ms)
{
	bool is_news = seg_case_is_open(c) || c->closed_ms == SEG_NEVER;

	c->closed_ms = seg_max(c->closed_ms, time_ms);
	return is_news;
}

static bool look_up(const void *profile, const char *name, struct case_known *ret)
{
	const struct seg_case *c = find(profile, name);

	if (c)
		*ret = (struct case_known){c->order, c->opened_ms != SEG_NEVER, c->closed_ms};
	return c != NULL;
}

/* Was the case dropped from the list, or may it have been? */
static bool was_dropped(const struct seg_profile *profile, const char *name, int64_t time_ms)
{
	return !find(profile, name) && (seg_dedup_find(&profile->facts, fact_of(name)) ||
					seg_dedup_forgot(&profile->facts, time_ms));
}

bool seg_case_open(struct seg_profile *profile, const char *type, const char *id, const char *order,
		   int64_t time_ms)
{
	const char *name = case_name(type, id, order, profile->arena);
	struct seg_case *c;
	int64_t early_ms;
	bool is_news;

	/* An event that is newer than all forgotten ones is no repeat of any of them. */
	if (seg_dedup_forgot(&profile->events, time_ms) && was_dropped(profile, name, time_ms))
		return false;
	c = take(profile, name, order);
	is_news = !seg_case_is_open(c);
	c->opened_ms = seg_max(c->opened_ms, time_ms);
	early_ms = case_closed_early_ms(&(struct case_event){type, id, c->order},
					(struct case_list){profile, look_up}, profile->arena);
	c->closed_ms = seg_max(c->closed_ms, early_ms);
	is_news = is_news && seg_case_is_open(c);
	if (profile->case_count > SEG_CASES_MAX)
		drop_one(profile);
	return is_news;
}

static bool close_order(struct seg_profile *profile, const char *type, const char *order,
			int64_t time_ms)
{
	bool is_news = false;

	for (unsigned i = 0; i < profile->case_count; i++) {
		struct seg_case *c = &profile->cases[i];

		if (case_is_of_order(c->id, c->order, type, order))
			is_news = close_one(c, time_ms) || is_news;
	}
	return is_news;
}

bool seg_case_close(struct seg_profile *profile, const char *type, const char *id,
		    const char *order, int64_t time_ms)
{
	struct case_closing closing =
	    case_closing(&(struct case_event){type, id, order},
			 (struct case_list){profile, look_up}, profile->arena);
	bool is_news = false;

	if (closing.unnamed)
		close_one(find(profile, closing.unnamed), time_ms);
	if (closing.name)
		is_news = close_one(take(profile, closing.name, order), time_ms);
	if (closing.all_of_order)
		is_news = close_order(profile, type, order, time_ms) || is_news;
	if (profile->case_count > SEG_CASES_MAX)
		drop_one(profile);
	return is_news;
}

int64_t seg_case_ends_ms(const struct seg_decision *decision, const struct seg_case *c)
{
	return seg_case_is_open(c) ? c->opened_ms + case_lasts_ms(decision->policy, c->id)
				   : SEG_NEVER;
}

int64_t seg_late_ends_ms(const struct seg_decision *decision, const struct seg_order *order)
{
	return seg_order_is_late(order) ? order->late_ms + decision->policy->cases.late_ms
					: SEG_NEVER;
}

int64_t seg_cases_end_ms(const struct seg_decision *decision)
{
	const struct seg_profile *profile = decision->profile;
	int64_t earliest_ms = NEVER_MS;

	for (unsigned i = 0; i < profile->order_count; i++) {
		int64_t ends_ms = seg_late_ends_ms(decision, &profile->orders[i]);

		if (ends_ms > seg_now_ms(decision))
			earliest_ms = seg_min(earliest_ms, ends_ms);
	}
	for (unsigned i = 0; i < profile->case_count; i++) {
		int64_t ends_ms = seg_case_ends_ms(decision, &profile->cases[i]);

		if (ends_ms > seg_now_ms(decision))
			earliest_ms = seg_min(earliest_ms, ends_ms);
	}
	return earliest_ms;
}

void seg_cases_unite(struct seg_profile *profile, const struct seg_profile *with)
{
	for (unsigned i = 0; i < with->case_count; i++) {
		const struct seg_case *other = &with->cases[i];
		struct seg_case *c;

		if (was_dropped(profile, other->id, last_ms(other)) && !seg_case_is_open(other))
			continue;
		c = take(profile, other->id, other->order);
		c->opened_ms = seg_max(c->opened_ms, other->opened_ms);
		c->closed_ms = seg_max(c->closed_ms, other->closed_ms);
		if (profile->case_count > SEG_CASES_MAX)
			drop_one(profile);
	}
}
