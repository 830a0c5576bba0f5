/* quiet.c - see quiet.h. */
#include "quiet.h"

enum { ZONES_MAX = 64, SEARCH_DAYS = 2, JUMPS_MAX = 100 };

static bool is_quiet(const struct quiet_hours *quiet, int64_t ms_of_day)
{
	int64_t from_ms = quiet->from_min * MINUTE_MS, to_ms = quiet->to_min * MINUTE_MS;

	if (from_ms < to_ms)
		return ms_of_day >= from_ms && ms_of_day < to_ms;
	return ms_of_day >= from_ms || ms_of_day < to_ms;
}

/*
 * The first instant at or after now_ms at which this wall clock is outside
 * the quiet hours.  Goes from one end of them, or one change of the clock, to
 * the next: a spring jump may skip the end, and an autumn one may come back
 * from behind it.
 */
static int64_t end_in_zone(const struct quiet_hours *quiet, const struct zone *zone, int64_t now_ms)
{
	int64_t at_ms = now_ms;

	for (unsigned jumps = 0; jumps < JUMPS_MAX; jumps++) {
		int64_t ms_of_day, left_ms, steady_ms;

		zone_date(zone, at_ms, &ms_of_day);
		if (!is_quiet(quiet, ms_of_day))
			return at_ms;
		left_ms = (quiet->to_min * MINUTE_MS - ms_of_day + DAY_MS) % DAY_MS;
		steady_ms = zone_steady_until(zone, at_ms);
		at_ms = at_ms + left_ms < steady_ms ? at_ms + left_ms : steady_ms;
	}
	return NEVER_MS;
}

/*
 * The zones that count: the customer's, else all of the country, else the
 * shop's; how many they are.
 */
static size_t zones_that_count(const struct policy *policy, struct slice time_zone,
			       struct slice country, const struct zone *ret[ZONES_MAX])
{
	const struct zone *own = zones_find(policy->zones, time_zone);
	size_t count;

	if (own) {
		ret[0] = own;
		return 1;
	}
	count = zones_of_country(policy->zones, country, ret, ZONES_MAX);
	if (count)
		return count < ZONES_MAX ? count : ZONES_MAX;
	ret[0] = policy->shop_zone;
	return 1;
}

int64_t quiet_hours_end(const struct policy *policy, struct slice time_zone, struct slice country,
			int64_t now_ms)
{
	const struct quiet_hours *quiet = &policy->quiet_hours;
	const struct zone *zones[ZONES_MAX];
	size_t count, agreed = 0;
	int64_t at_ms = now_ms;

	if (quiet->off || now_ms > NEVER_MS - JUMPS_MAX * DAY_MS)
		return now_ms;
	count = zones_that_count(policy, time_zone, country, zones);
	/* Each zone may only put the instant off, so the first that all agree on is the earliest.
	 */
	for (size_t i = 0; agreed < count; i = (i + 1) % count) {
		int64_t end_ms = end_in_zone(quiet, zones[i], at_ms);

		agreed = end_ms == at_ms ? agreed + 1 : 1;
		at_ms = end_ms;
		if (count > 1 && at_ms - now_ms > SEARCH_DAYS * DAY_MS)
			return end_in_zone(quiet, policy->shop_zone, now_ms);
	}
	return at_ms;
}

const struct zone *customer_zone(const struct policy *policy, struct slice time_zone,
				 struct slice country)
{
	const struct zone *zones[ZONES_MAX];

	zones_that_count(policy, time_zone, country, zones);
	return zones[0];
}
