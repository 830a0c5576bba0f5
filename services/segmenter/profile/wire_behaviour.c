/* wire_behaviour.c - see wire_behaviour.h. Checked as everything is in wire_read.c. */
#include "wire_behaviour.h"

enum { DAYS_MAX = 400, LIMIT_MAX = 1000 };

/* Ascending numbers, each as the difference to the one before; -1: too many, or not so. */
static int read_ascending(struct wire_column column, struct arena *arena, unsigned max,
			  int64_t **ret, unsigned *ret_count, unsigned *ret_room)
{
	int64_t last = INT64_MIN, sum = 0;
	unsigned count = 0;

	if (column.at == column.end)
		return 0;
	*ret_room = max + 1;
	*ret = arena_alloc(arena, *ret_room * sizeof(**ret));
	while (column.at != column.end) {
		sum = seg_sum(sum, wire_next_signed(&column));
		if (count == max || sum < last)
			return -1;
		(*ret)[count++] = last = sum;
	}
	*ret_count = count;
	return column.bad ? -1 : 0;
}

static bool are_times(const int64_t *list, unsigned count, int64_t unit_ms)
{
	const int64_t limit = WIRE_TIME_LIMIT_MS / unit_ms;

	return count == 0 || (list[0] > -limit && list[count - 1] < limit);
}

static bool read_allowances(const struct wire_scan *scan, struct seg_preferences *ret)
{
	struct wire_column days = wire_column(scan, WIRE_ALLOWANCE_DAYS);
	struct wire_column limits = wire_column(scan, WIRE_ALLOWANCE_LIMIT);
	uint64_t last = 0;

	while (days.at != days.end) {
		uint64_t day_count = wire_next(&days), limit = wire_next(&limits);

		if (ret->count == SEG_ALLOWANCES_MAX || day_count <= last || day_count > DAYS_MAX ||
		    limit > LIMIT_MAX)
			return false;
		ret->allowances[ret->count++] =
		    (struct seg_allowance){(uint32_t)limit, (uint32_t)day_count};
		last = day_count;
	}
	return wire_is_done(&days) && wire_is_done(&limits);
}

static bool read_preferences(const struct wire_scan *scan, struct seg_preferences *ret)
{
	int64_t until_ms = wire_time_of(wire_unzigzag(scan->numbers[WIRE_PAUSED_UNTIL_MS]), 0);

	ret->time_ms = wire_time_of(wire_unzigzag(scan->numbers[WIRE_PREFERENCES_MS]), 0);
	ret->paused_until_ms = until_ms == SEG_NEVER ? 0 : until_ms;
	if (!read_allowances(scan, ret) || !wire_is_time(ret->paused_until_ms))
		return false;
	if (ret->time_ms == SEG_NEVER)
		return ret->paused_until_ms == 0 && ret->count == 0;
	return wire_is_time(ret->time_ms);
}

int wire_read_behaviour(const struct wire_scan *scan, struct seg_profile *profile, struct err *err)
{
	if (read_ascending(wire_column(scan, WIRE_MOMENT), profile->arena, SEG_MOMENTS_MAX,
			   &profile->moments, &profile->moment_count, &profile->moment_room) < 0 ||
	    !are_times(profile->moments, profile->moment_count, SEG_MOMENT_MS))
		return err_set(err, "profile: an open or a click that cannot be");
	profile->moments_ever = scan->numbers[WIRE_MOMENTS_EVER];
	if (profile->moments_ever < profile->moment_count || profile->moments_ever > UINT32_MAX)
		return err_set(err, "profile: a number of opens and clicks that cannot be");
	if (read_ascending(wire_column(scan, WIRE_SOFT_BOUNCE_MS), profile->arena,
			   SEG_SOFT_BOUNCES_MAX, &profile->soft_bounces_ms,
			   &profile->soft_bounce_count, &profile->soft_bounce_room) < 0 ||
	    !are_times(profile->soft_bounces_ms, profile->soft_bounce_count, 1))
		return err_set(err, "profile: a soft bounce that cannot be");
	if (!read_preferences(scan, &profile->preferences))
		return err_set(err, "profile: preferences that cannot be");
	return 0;
}
