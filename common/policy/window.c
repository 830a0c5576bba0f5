/* window.c - the part of a day in which a message goes out.  See quiet.h, window.h. */
#include "window.h"

#include "quiet.h"

enum { JUMPS_MAX = 100, HALF_HOUR_MIN = 30 };

static bool is_inside(const struct send_window *window, int64_t ms_of_day)
{
	return ms_of_day >= window->from_min * MINUTE_MS && ms_of_day < window->to_min * MINUTE_MS;
}

/* From one time of day to the next `from`; 0 when it is that time. */
static int64_t until_from_ms(const struct send_window *window, int64_t ms_of_day)
{
	return (window->from_min * MINUTE_MS - ms_of_day + DAY_MS) % DAY_MS;
}

/*
 * Right after the clock was put forward, the times that were skipped are made
 * up for: each counts as far after the gap as it was inside it.  Then *ret is
 * the one that counts now, and *ret_left_ms how long such times go on.
 */
static bool skipped_time(const struct zone *zone, int64_t at_ms, int64_t ms_of_day, int64_t *ret,
			 int64_t *ret_left_ms)
{
	int64_t change_ms = at_ms - DAY_MS;

	for (unsigned i = 0; i < JUMPS_MAX; i++) {
		int32_t before_s = zone_offset_s(zone, change_ms);
		int64_t skipped_ms;

		change_ms = zone_steady_until(zone, change_ms);
		if (change_ms > at_ms)
			return false;
		skipped_ms = (zone_offset_s(zone, change_ms) - before_s) * SECOND_MS;
		if (at_ms - change_ms >= skipped_ms)
			continue;
		*ret = (ms_of_day - skipped_ms + DAY_MS) % DAY_MS;
		*ret_left_ms = change_ms + skipped_ms - at_ms;
		return true;
	}
	return false;
}

int64_t window_begin(const struct zone *zone, const struct send_window *window, int64_t from_ms)
{
	int64_t at_ms = from_ms;

	for (unsigned jumps = 0; jumps < JUMPS_MAX; jumps++) {
		int64_t ms_of_day, wait_ms, steady_ms, skipped_ms, left_ms;

		zone_date(zone, at_ms, &ms_of_day);
		if (is_inside(window, ms_of_day))
			return at_ms;
		wait_ms = until_from_ms(window, ms_of_day);
		if (skipped_time(zone, at_ms, ms_of_day, &skipped_ms, &left_ms)) {
			if (is_inside(window, skipped_ms))
				return at_ms;
			if (until_from_ms(window, skipped_ms) < left_ms &&
			    until_from_ms(window, skipped_ms) < wait_ms)
				wait_ms = until_from_ms(window, skipped_ms);
		}
		steady_ms = zone_steady_until(zone, at_ms);
		at_ms = at_ms + wait_ms < steady_ms ? at_ms + wait_ms : steady_ms;
	}
	return NEVER_MS;
}

int64_t window_time(const struct policy *policy, struct slice time_zone, struct slice country,
		    const struct send_window *window, int64_t from_ms)
{
	if (!window || !window->to_min || from_ms > NEVER_MS - JUMPS_MAX * DAY_MS)
		return from_ms;
	return window_begin(customer_zone(policy, time_zone, country), window, from_ms);
}

/* As long as all are, and within one day. */
static struct send_window window_from(const struct policy *policy, int from_min)
{
	int window_min = policy->send_time.window_min;

	if (from_min > DAY_MIN - window_min)
		from_min = DAY_MIN - window_min;
	if (from_min < 0)
		from_min = 0;
	return (struct send_window){from_min, from_min + window_min};
}

static bool is_all_quiet(const struct policy *policy, const struct send_window *window)
{
	for (int minute = window->from_min; minute < window->to_min; minute++) {
		if (!quiet_at(&policy->quiet_hours, minute * MINUTE_MS))
			return false;
	}
	return true;
}

struct send_window best_window(const struct policy *policy, int best_hour)
{
	const struct quiet_hours *quiet = &policy->quiet_hours;
	int middle_min = best_hour * 60 + HALF_HOUR_MIN, window_min = policy->send_time.window_min;
	struct send_window ret;
	int since_from_min, until_to_min;

	if (best_hour < 0)
		return window_from(policy, policy->send_time.fallback_min);
	ret = window_from(policy, middle_min - window_min / 2);
	if (!is_all_quiet(policy, &ret))
		return ret;
	since_from_min = (middle_min - quiet->from_min + DAY_MIN) % DAY_MIN;
	until_to_min = (quiet->to_min - middle_min + DAY_MIN) % DAY_MIN;
	if (until_to_min <= since_from_min)
		return window_from(policy, quiet->to_min);
	return window_from(policy, (quiet->from_min ? quiet->from_min : DAY_MIN) - window_min);
}
