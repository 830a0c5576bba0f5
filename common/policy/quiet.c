/* quiet.c - see quiet.h. */
#include "quiet.h"

#include "window.h"

enum { ZONES_MAX = 64, SEARCH_DAYS = 2, JUMPS_MAX = 100, HORIZON_DAYS = 400, WEEKDAYS = 7 };

bool quiet_at(const struct quiet_hours *quiet, int64_t ms_of_day)
{
	int64_t from_ms = quiet->from_min * MINUTE_MS, to_ms = quiet->to_min * MINUTE_MS;

	if (quiet->off)
		return false;
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
		if (!quiet_at(quiet, ms_of_day))
			return at_ms;
		left_ms = (quiet->to_min * MINUTE_MS - ms_of_day + DAY_MS) % DAY_MS;
		steady_ms = zone_steady_until(zone, at_ms);
		at_ms = at_ms + left_ms < steady_ms ? at_ms + left_ms : steady_ms;
	}
	return NEVER_MS;
}

/* The zones that count: the customer's, else all of the country, else the shop's. */
struct zone_set {
	const struct zone *zones[ZONES_MAX];
	size_t count;
};

static void zones_that_count(const struct policy *policy, struct slice time_zone,
			     struct slice country, struct zone_set *ret)
{
	const struct zone *own = zones_find(policy->zones, time_zone);

	ret->zones[0] = own;
	ret->count = 1;
	if (own)
		return;
	ret->count = zones_of_country(policy->zones, country, ret->zones, ZONES_MAX);
	if (ret->count > ZONES_MAX)
		ret->count = ZONES_MAX;
	if (ret->count == 0) {
		ret->zones[0] = policy->shop_zone;
		ret->count = 1;
	}
}

static bool is_beyond_time(int64_t at_ms)
{
	return at_ms > NEVER_MS - 2 * HORIZON_DAYS * DAY_MS;
}

static int64_t hours_end(const struct policy *policy, const struct zone_set *set, int64_t now_ms)
{
	const struct quiet_hours *quiet = &policy->quiet_hours;
	int64_t at_ms = now_ms;
	size_t agreed = 0;

	if (quiet->off)
		return now_ms;
	/* Each zone may only put the instant off, so the first that all agree on is the earliest.
	 */
	for (size_t i = 0; agreed < set->count; i = (i + 1) % set->count) {
		int64_t end_ms = end_in_zone(quiet, set->zones[i], at_ms);

		agreed = end_ms == at_ms ? agreed + 1 : 1;
		at_ms = end_ms;
		if (set->count > 1 && at_ms - now_ms > SEARCH_DAYS * DAY_MS)
			return end_in_zone(quiet, policy->shop_zone, now_ms);
	}
	return at_ms;
}

int64_t quiet_hours_end(const struct policy *policy, struct slice time_zone, struct slice country,
			int64_t now_ms)
{
	struct zone_set set;

	if (policy->quiet_hours.off || is_beyond_time(now_ms))
		return now_ms;
	zones_that_count(policy, time_zone, country, &set);
	return hours_end(policy, &set, now_ms);
}

static bool is_on(const struct quiet_day *day, struct civil_date date, int weekday)
{
	switch (day->kind) {
	case QUIET_WEEKDAY:
		return day->weekday == weekday;
	case QUIET_YEARLY:
		return day->month == date.month && day->day == date.day;
	case QUIET_DATE:
		return day->year == date.year && day->month == date.month && day->day == date.day;
	}
	return false;
}

bool quiet_day_is(const struct policy *policy, struct civil_date date)
{
	/* 1970-01-01 was a Thursday. */
	int weekday = (int)(((civil_days(date) + 3) % WEEKDAYS + WEEKDAYS) % WEEKDAYS) + 1;

	for (unsigned i = 0; i < policy->quiet_day_count; i++) {
		if (is_on(&policy->quiet_days[i], date, weekday))
			return true;
	}
	return false;
}

/*
 * The first instant at or after at_ms that is on no quiet day there.  From a
 * quiet day on to its midnight by the clock as it goes now, or to where the
 * clock changes: that may be into another day, or back into this one.
 */
static int64_t day_end(const struct policy *policy, const struct zone *zone, int64_t at_ms)
{
	for (unsigned jumps = 0; jumps < 2 * HORIZON_DAYS; jumps++) {
		int64_t ms_of_day, steady_ms;
		struct civil_date date = zone_date(zone, at_ms, &ms_of_day);

		if (!quiet_day_is(policy, date))
			return at_ms;
		steady_ms = zone_steady_until(zone, at_ms);
		at_ms += DAY_MS - ms_of_day;
		if (at_ms > steady_ms)
			at_ms = steady_ms;
	}
	return NEVER_MS;
}

static int64_t days_end(const struct policy *policy, const struct zone_set *set, int64_t at_ms)
{
	size_t agreed = policy->quiet_day_count ? 0 : set->count;

	for (size_t i = 0; agreed < set->count; i = (i + 1) % set->count) {
		int64_t end_ms = day_end(policy, set->zones[i], at_ms);

		if (is_beyond_time(end_ms))
			return NEVER_MS;
		agreed = end_ms == at_ms ? agreed + 1 : 1;
		at_ms = end_ms;
	}
	return at_ms;
}

static int64_t all_steady_until(const struct zone_set *set, int64_t at_ms)
{
	int64_t until_ms = NEVER_MS;

	for (size_t i = 0; i < set->count; i++) {
		int64_t steady_ms = zone_steady_until(set->zones[i], at_ms);

		if (steady_ms < until_ms)
			until_ms = steady_ms;
	}
	return until_ms;
}

/*
 * Hours and window alone come back each day, as long as no clock changes: when
 * two days had no instant in common, none has before the next change.
 */
static int64_t search(const struct policy *policy, const struct zone_set *set,
		      const struct send_window *window, int64_t from_ms)
{
	int64_t at_ms = from_ms, begun_ms = from_ms;

	while (at_ms - from_ms <= HORIZON_DAYS * DAY_MS) {
		int64_t next_ms = hours_end(policy, set, at_ms);

		if (window)
			next_ms = window_begin(set->zones[0], window, next_ms);
		if (next_ms == at_ms) {
			next_ms = days_end(policy, set, at_ms);
			if (next_ms == at_ms)
				return at_ms;
			begun_ms = next_ms;
		} else if (next_ms - begun_ms > SEARCH_DAYS * DAY_MS) {
			begun_ms = all_steady_until(set, begun_ms);
			if (begun_ms < next_ms)
				begun_ms = next_ms;
			next_ms = begun_ms;
		}
		if (is_beyond_time(next_ms))
			return NEVER_MS;
		at_ms = next_ms;
	}
	return NEVER_MS;
}

int64_t sending_time(const struct policy *policy, struct slice time_zone, struct slice country,
		     const struct send_window *window, int64_t from_ms)
{
	struct zone_set set;

	if (window && !window->to_min)
		window = NULL;
	if ((!window && !policy->quiet_day_count && policy->quiet_hours.off) ||
	    is_beyond_time(from_ms))
		return from_ms;
	zones_that_count(policy, time_zone, country, &set);
	if (!window && !policy->quiet_day_count)
		return hours_end(policy, &set, from_ms);
	return search(policy, &set, window, from_ms);
}

const struct zone *customer_zone(const struct policy *policy, struct slice time_zone,
				 struct slice country)
{
	struct zone_set set;

	zones_that_count(policy, time_zone, country, &set);
	return set.zones[0];
}
