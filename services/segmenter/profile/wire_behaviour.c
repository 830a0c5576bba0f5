/*
 * wire_behaviour.c - see wire_parts.h: what the person does and asks for.
 */
#include "wire_parts.h"

enum { DAYS_MAX = 400, LIMIT_MAX = 1000 };

#define ENTRY struct seg_allowance
static const struct column allowance_columns[] = {
    COLUMN(SMALL, allowance_days, days),
    COLUMN(SMALL, allowance_limit, limit),
};

/* Adds the steps up in their place.  False: they do not ascend, or one is too far away. */
static bool add_up(int64_t *steps, size_t count, int64_t unit_ms)
{
	const int64_t limit = SEG_TIME_LIMIT_MS / unit_ms;
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t before = sum;

		sum = steps[i] = seg_sum(sum, steps[i]);
		if (sum <= -limit || sum >= limit || (i && sum < before))
			return false;
	}
	return true;
}

static int64_t *steps_of(const int64_t *list, unsigned count, struct arena *arena)
{
	int64_t *steps = arena_alloc(arena, count * sizeof(*steps));

	for (unsigned i = 0; i < count; i++)
		steps[i] = list[i] - (i ? list[i - 1] : 0);
	return steps;
}

static bool allowances_are_sound(const struct seg_preferences *preferences)
{
	uint32_t before_days = 0;

	for (unsigned i = 0; i < preferences->count; i++) {
		const struct seg_allowance *allowance = &preferences->allowances[i];

		if (allowance->days <= before_days || allowance->days > DAYS_MAX ||
		    allowance->limit > LIMIT_MAX)
			return false;
		before_days = allowance->days;
	}
	return true;
}

static bool read_preferences(const Nurture__V1__Profile *from, struct seg_preferences *ret)
{
	int64_t until_ms = seg_of_since(from->paused_until_ms, 0);

	if (from->n_allowance_days > SEG_ALLOWANCES_MAX)
		return false;
	ret->count = (unsigned)from->n_allowance_days;
	ret->time_ms = seg_of_since(from->preferences_ms, 0);
	ret->paused_until_ms = until_ms == SEG_NEVER ? 0 : until_ms;
	if (!seg_columns_read(from, TABLE(allowance_columns),
			      ENTRIES(ret->allowances, ret->count)) ||
	    !allowances_are_sound(ret) || !seg_is_time(ret->paused_until_ms))
		return false;
	if (ret->time_ms == SEG_NEVER)
		return ret->paused_until_ms == 0 && ret->count == 0;
	return seg_is_time(ret->time_ms);
}

int wire_read_behaviour(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err)
{
	if (from->n_moment > SEG_MOMENTS_MAX ||
	    !add_up(from->moment, from->n_moment, SEG_MOMENT_MS))
		return wire_bad(err, "an open or a click that cannot be");
	if (from->moments_ever < from->n_moment || from->moments_ever > UINT32_MAX)
		return wire_bad(err, "a number of opens and clicks that cannot be");
	if (from->n_soft_bounce_ms > SEG_SOFT_BOUNCES_MAX ||
	    !add_up(from->soft_bounce_ms, from->n_soft_bounce_ms, 1))
		return wire_bad(err, "a soft bounce that cannot be");
	to->moments = from->moment;
	to->moment_count = to->moment_room = (unsigned)from->n_moment;
	to->moments_ever = from->moments_ever;
	to->soft_bounces_ms = from->soft_bounce_ms;
	to->soft_bounce_count = to->soft_bounce_room = (unsigned)from->n_soft_bounce_ms;
	if (!read_preferences(from, &to->preferences))
		return wire_bad(err, "preferences that cannot be");
	return 0;
}

void wire_write_behaviour(const struct seg_profile *from, Nurture__V1__Profile *to)
{
	const struct seg_preferences *preferences = &from->preferences;

	to->moment = steps_of(from->moments, from->moment_count, from->arena);
	to->n_moment = from->moment_count;
	to->moments_ever = from->moments_ever;
	to->soft_bounce_ms = steps_of(from->soft_bounces_ms, from->soft_bounce_count, from->arena);
	to->n_soft_bounce_ms = from->soft_bounce_count;
	if (preferences->time_ms == SEG_NEVER)
		return;
	if (preferences->paused_until_ms)
		to->paused_until_ms = seg_to_since(preferences->paused_until_ms, 0);
	seg_columns_write(
	    ENTRIES((struct seg_allowance *)preferences->allowances, preferences->count),
	    TABLE(allowance_columns), from->arena, to);
	to->preferences_ms = seg_to_since(preferences->time_ms, 0);
}
