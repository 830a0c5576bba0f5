/* quiet.c - see quiet.h. */
#include "quiet.h"

#include "rule.h"
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

/* The customer's zone, else all of the country's, else the shop's; home is the one for windows. */
struct zone_set {
	const struct zone *zones[ZONES_MAX];
	const struct zone *home;
	size_t count;
};

static void zones_that_count(const struct policy *policy, struct slice time_zone,
			     struct slice country, struct zone_set *ret)
{
	const struct zone *own = zones_find(policy->zones, time_zone);

	ret->count = own ? 0 : zones_of_country(policy->zones, country, ret->zones, ZONES_MAX);
	if (ret->count > ZONES_MAX)
		ret->count = ZONES_MAX;
	ret->home = own;
	if (ret->count)
		ret->home = zones_for_country(policy->zones, country, policy->shop_zone);
	else if (!own)
		ret->home = policy->shop_zone;
	if (ret->count <= 1) {
		ret->zones[0] = ret->home;
		ret->count = 1;
	}
}

static bool is_beyond_time(int64_t at_ms)
{
	return at_ms > NEVER_MS - 2 * HORIZON_DAYS * DAY_MS;
}

/*
 * Returns the first instant, before until_ms, that is quiet in no zone; until_ms when there is
 * none.
 */
static int64_t all_awake(const struct quiet_hours *quiet, const struct zone_set *set,
			 int64_t from_ms, int64_t until_ms)
{
	int64_t at_ms = from_ms;
	size_t agreed = 0;

	/* Each zone may only put the instant off, so the first that all agree on is the
	 * earliest. */
	for (size_t i = 0; agreed < set->count; i = (i + 1) % set->count) {
		int64_t end_ms = end_in_zone(quiet, set->zones[i], at_ms);

		agreed = end_ms == at_ms ? agreed + 1 : 1;
		at_ms = end_ms;
		if (at_ms >= until_ms)
			return until_ms;
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
 * A night comes back each day as long as no clock changes: when two days had
 * no instant in common, none has before the next change.
 */
static int64_t common_day(const struct quiet_hours *quiet, const struct zone_set *set,
			  int64_t from_ms)
{
	int64_t at_ms = from_ms;

	while (!is_beyond_time(at_ms) && at_ms - from_ms <= HORIZON_DAYS * DAY_MS) {
		int64_t until_ms = at_ms + SEARCH_DAYS * DAY_MS;
		int64_t found_ms = all_awake(quiet, set, at_ms, until_ms);

		if (found_ms < until_ms)
			return found_ms;
		at_ms = all_steady_until(set, at_ms);
	}
	return NEVER_MS;
}

/* Is an instant of the window, from begin_ms to end_ms, quiet in no zone? */
static bool has_common_window(const struct quiet_hours *quiet, const struct zone_set *set,
			      const struct send_window *window, int64_t begin_ms, int64_t end_ms)
{
	for (int64_t at_ms = begin_ms; at_ms < end_ms;) {
		int64_t awake_ms;

		at_ms = window_begin(set->home, window, at_ms);
		if (at_ms >= end_ms)
			return false;
		awake_ms = all_awake(quiet, set, at_ms, end_ms);
		if (awake_ms == at_ms)
			return true;
		at_ms = awake_ms;
	}
	return false;
}

/*
 * The end of the quiet hours of a message with a window, day by day of the
 * home zone: all zones are asked on a day on which that leaves some of the
 * window, the home zone alone on any other.
 */
static int64_t window_awake(const struct quiet_hours *quiet, const struct zone_set *set,
			    const struct send_window *window, int64_t from_ms)
{
	int64_t at_ms = from_ms;

	for (unsigned days = 0; days < HORIZON_DAYS; days++) {
		int64_t ms_of_day, begin_ms, end_ms, awake_ms;
		struct civil_date date = zone_date(set->home, at_ms, &ms_of_day);

		begin_ms = zone_instant(set->home, date, 0);
		end_ms = zone_instant(set->home, civil_from_days(civil_days(date) + 1), 0);
		if (end_ms <= at_ms) /* put back over midnight: the rest of a day that was over */
			end_ms = zone_steady_until(set->home, at_ms);
		awake_ms = has_common_window(quiet, set, window, begin_ms, end_ms)
			       ? all_awake(quiet, set, at_ms, end_ms)
			       : end_in_zone(quiet, set->home, at_ms);
		if (awake_ms < end_ms)
			return awake_ms;
		at_ms = end_ms;
	}
	return NEVER_MS;
}

static int64_t hours_end(const struct policy *policy, const struct zone_set *set,
			 const struct send_window *window, int64_t now_ms)
{
	const struct quiet_hours *quiet = &policy->quiet_hours;

	if (quiet->off)
		return now_ms;
	if (set->count == 1)
		return end_in_zone(quiet, set->home, now_ms);
	return window ? window_awake(quiet, set, window, now_ms) : common_day(quiet, set, now_ms);
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
	int64_t from_ms = at_ms;

	for (size_t i = 0; agreed < set->count; i = (i + 1) % set->count) {
		int64_t end_ms = day_end(policy, set->zones[i], at_ms);

		if (is_beyond_time(end_ms) || end_ms - from_ms > HORIZON_DAYS * DAY_MS)
			return NEVER_MS;
		agreed = end_ms == at_ms ? agreed + 1 : 1;
		at_ms = end_ms;
	}
	return at_ms;
}

/* The hours, days and window that an instant must keep to. */
struct hours {
	const struct policy *policy;
	const struct send_window *window; /* NULL: none */
	bool
	    in_window; /* the instant must be in the window; else the window only says whose night counts */
};

/* The first instant from from_ms on that hours, days and window allow. */
static int64_t search(const struct hours *hours, const struct zone_set *set,
		      const struct zone_set *days, int64_t from_ms)
{
	int64_t at_ms = from_ms;

	while (at_ms - from_ms <= HORIZON_DAYS * DAY_MS) {
		int64_t next_ms = hours_end(hours->policy, set, hours->window, at_ms);

		if (hours->in_window && !is_beyond_time(next_ms))
			next_ms = window_begin(set->home, hours->window, next_ms);
		if (next_ms == at_ms)
			next_ms = days_end(hours->policy, days, at_ms);
		if (next_ms == at_ms)
			return at_ms;
		if (is_beyond_time(next_ms))
			return NEVER_MS;
		at_ms = next_ms;
	}
	return NEVER_MS;
}

/* Quiet days of all zones, or of the home zone when those leave nothing of the window. */
static int64_t search_all(const struct hours *hours, const struct zone_set *set, int64_t from_ms)
{
	const struct zone_set home = {{set->home}, set->home, 1};
	int64_t found_ms;

	if (is_beyond_time(from_ms))
		return from_ms;
	found_ms = search(hours, set, set, from_ms);
	if (found_ms != NEVER_MS || !hours->window || set->count == 1)
		return found_ms;
	return search(hours, set, &home, from_ms);
}

static const struct send_window *window_or_null(const struct send_window *window)
{
	return window && window->to_min ? window : NULL;
}

int64_t sending_time(const struct policy *policy, struct slice time_zone, struct slice country,
		     const struct send_window *window, int64_t from_ms)
{
	const struct send_window *real = window_or_null(window);
	const struct hours hours = {policy, real, real != NULL};
	struct zone_set set;

	if (!real && !policy->quiet_day_count && policy->quiet_hours.off)
		return from_ms;
	zones_that_count(policy, time_zone, country, &set);
	return search_all(&hours, &set, from_ms);
}

int64_t night_end(const struct policy *policy, struct slice time_zone, struct slice country,
		  const struct send_window *window, int64_t from_ms)
{
	const struct hours hours = {policy, window_or_null(window), false};
	struct zone_set set;

	if (!policy->quiet_day_count && policy->quiet_hours.off)
		return from_ms;
	zones_that_count(policy, time_zone, country, &set);
	return search_all(&hours, &set, from_ms);
}

/* Is at_ms in a quiet hour of a message with that window? */
static bool quiet_hour_is(const struct policy *policy, struct slice time_zone, struct slice country,
			  const struct send_window *window, int64_t at_ms)
{
	struct zone_set set;

	if (policy->quiet_hours.off || is_beyond_time(at_ms))
		return false;
	zones_that_count(policy, time_zone, country, &set);
	return hours_end(policy, &set, window_or_null(window), at_ms) > at_ms;
}

const char *hours_rule(const struct policy *policy, struct slice time_zone, struct slice country,
		       const struct send_window *window, bool keeps_night, int64_t at_ms)
{
	if (keeps_night && quiet_hour_is(policy, time_zone, country, window, at_ms))
		return rule_text(RULE_QUIET_HOURS);
	if (keeps_night && night_end(policy, time_zone, country, window, at_ms) > at_ms)
		return rule_text(RULE_QUIET_DAYS);
	return window_time(policy, time_zone, country, window, at_ms) > at_ms
		   ? rule_text(RULE_SEND_AT)
		   : "";
}

const struct zone *customer_zone(const struct policy *policy, struct slice time_zone,
				 struct slice country)
{
	const struct zone *zone = zones_find(policy->zones, time_zone);

	if (!zone)
		zone = zones_for_country(policy->zones, country, policy->shop_zone);
	return zone ? zone : policy->shop_zone;
}
