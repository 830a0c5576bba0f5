/*
 * Windows, quiet days and hours together against a walk through the minutes:
 * in every zone around every change of the clock in ten years, and at random
 * instants in every country.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/config/zoneinfo.h"
#include "common/policy/quiet.h"
#include "every_zone.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
static const int64_t from_ms = INT64_C(1704067200000);  /* 2024-01-01 */
static const int64_t until_ms = INT64_C(2019686400000); /* 2034-01-01 */

/* Ordinary ones, and some inside the hour that is skipped or comes twice. */
static const struct send_window windows[] = {
    {600, 720}, {0, 0},     {90, 150}, {125, 130}, {0, 1440},    {1430, 1440}, {0, 20},
    {120, 180}, {135, 165}, {30, 90},  {60, 121},  {1380, 1440}, {180, 200},   {60, 80},
};
static const struct quiet_hours hours[] = {
    {false, 21 * 60, 8 * 60}, {true, 0, 0}, {false, 130, 140}, {false, 150, 90}, {false, 0, 30},
};
static struct quiet_day days[] = {
    {QUIET_WEEKDAY, 7, 0, 0, 0},   {QUIET_YEARLY, 0, 0, 3, 31},  {QUIET_YEARLY, 0, 0, 4, 1},
    {QUIET_DATE, 0, 2030, 10, 27}, {QUIET_YEARLY, 0, 0, 12, 25}, {QUIET_WEEKDAY, 1, 0, 0, 0},
    {QUIET_YEARLY, 0, 0, 2, 29},
};

static uint64_t seed = 88172645463325252u;

static uint64_t random_below(uint64_t end)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % end;
}

/* The last change of a clock before an instant, for a walk. */
struct clock {
	const struct zone *zone;
	int64_t change_ms;           /* of the offset; far away: none near */
	int64_t before_ms, after_ms; /* offsets */
};

static int64_t floor_to(int64_t ms, int64_t step_ms)
{
	return ms - ((ms % step_ms) + step_ms) % step_ms;
}

static int64_t local_ms(const struct clock *clock, int64_t at_ms)
{
	return at_ms + (at_ms < clock->change_ms ? clock->before_ms : clock->after_ms);
}

static bool is_between(int from_min, int to_min, int64_t local)
{
	int64_t minute = (local - floor_to(local, DAY_MS)) / MINUTE_MS;

	return from_min < to_min ? minute >= from_min && minute < to_min
				 : minute >= from_min || minute < to_min;
}

static bool is_in_window(const struct clock *clock, const struct send_window *window, int64_t at_ms)
{
	int64_t skipped_ms = clock->after_ms - clock->before_ms;

	if (!window->to_min || is_between(window->from_min, window->to_min, local_ms(clock, at_ms)))
		return true;
	/* What the clock would show without the change counts as long as it makes up for it. */
	return at_ms >= clock->change_ms && at_ms < clock->change_ms + skipped_ms &&
	       is_between(window->from_min, window->to_min, at_ms + clock->before_ms);
}

static bool is_quiet_day(const struct policy *policy, int64_t local)
{
	int64_t day = floor_to(local, DAY_MS) / DAY_MS;
	struct civil_date date = civil_from_days(day);

	for (unsigned i = 0; i < policy->quiet_day_count; i++) {
		const struct quiet_day *d = &policy->quiet_days[i];

		if (d->kind == QUIET_WEEKDAY
			? (day % 7 + 3) % 7 + 1 == d->weekday
			: d->month == date.month && d->day == date.day &&
			      (d->kind == QUIET_YEARLY || d->year == date.year))
			return true;
	}
	return false;
}

static bool is_night(const struct policy *policy, const struct clock *clock, int64_t at_ms)
{
	const struct quiet_hours *quiet = &policy->quiet_hours;

	return !quiet->off && is_between(quiet->from_min, quiet->to_min, local_ms(clock, at_ms));
}

static bool is_awake(const struct policy *policy, const struct clock *clock, int64_t at_ms)
{
	return !is_night(policy, clock, at_ms) && !is_quiet_day(policy, local_ms(clock, at_ms));
}

static void check(const char *name, int64_t at_ms, int64_t found_ms, int64_t expected_ms)
{
	if (found_ms != expected_ms)
		fail_msg("%s at %" PRId64 ": %" PRId64 ", should be %" PRId64, name, at_ms,
			 found_ms, expected_ms);
}

/* Each minute of 3 days around a change, walked backwards. */
static void check_change(const char *name, const struct policy *policy, const struct clock *clock,
			 const struct send_window *window)
{
	enum { MINUTES = 3 * 24 * 60 };
	int64_t first_ms = floor_to(clock->change_ms, MINUTE_MS) - MINUTES / 2 * MINUTE_MS;
	int64_t next_ms = -1, next_window_ms = -1;
	struct slice none = slice_text("");

	for (int64_t i = MINUTES - 1; i >= 0; i--) {
		int64_t at_ms = first_ms + i * MINUTE_MS;

		if (is_in_window(clock, window, at_ms)) {
			next_window_ms = at_ms;
			if (is_awake(policy, clock, at_ms))
				next_ms = at_ms;
		}
		if (i % 15) /* so that the change is hit, and what it skipped has passed */
			continue;
		if (next_ms >= 0) {
			check(name, at_ms, sending_time(policy, none, none, window, at_ms),
			      next_ms);
			check(name, at_ms, sending_time(policy, none, none, window, at_ms + 1234),
			      next_ms == at_ms ? at_ms + 1234 : next_ms);
		}
		if (next_window_ms >= 0)
			check(name, at_ms, window_time(policy, none, none, window, at_ms),
			      next_window_ms);
	}
}

static void visit_zone(const char *name, const struct zone *zone)
{
	struct zones *none = zones_new();
	struct policy policy = {.zones = none, .shop_zone = zone, .quiet_days = days};
	int64_t change_ms = from_ms;

	while ((change_ms = zone_steady_until(zone, change_ms)) < until_ms) {
		struct clock clock = {zone, change_ms,
				      zone_offset_s(zone, change_ms - 1) * SECOND_MS,
				      zone_offset_s(zone, change_ms) * SECOND_MS};

		policy.quiet_hours = hours[random_below(COUNT_OF(hours))];
		policy.quiet_day_count = (unsigned)random_below(COUNT_OF(days) + 1);
		check_change(name, &policy, &clock, &windows[random_below(COUNT_OF(windows))]);
	}
	zones_free(none);
}

static void test_every_zone_around_its_changes(void **state)
{
	(void)state;
	if (!every_zone(visit_zone)) {
		print_message("skipped: %s has no zones\n", ZONE_ROOT);
		skip();
	}
}

static int load_world(void **state)
{
	struct zones *zones = NULL;
	struct err err;

	if (zoneinfo_load(ZONE_ROOT, &zones, &err) < 0)
		print_message("no zones: %s\n", err.text);
	*state = zones;
	return 0;
}

static int free_world(void **state)
{
	zones_free(*state);
	return 0;
}

/* The clock of a zone at an instant: its last change, if that was within a day. */
static struct clock clock_at(const struct zone *zone, int64_t at_ms)
{
	struct clock clock = {zone, at_ms - DAY_MS, 0, 0};

	clock.before_ms = zone_offset_s(zone, clock.change_ms) * SECOND_MS;
	clock.after_ms = zone_offset_s(zone, at_ms) * SECOND_MS;
	clock.change_ms = zone_steady_until(zone, clock.change_ms);
	if (clock.change_ms > at_ms)
		clock.before_ms = clock.after_ms;
	return clock;
}

/* The zones of a country, the one for windows, and the last day that was looked at. */
struct country {
	const struct policy *policy;
	const struct zone *zones[64], *home;
	size_t count;
	const struct send_window *window;
	int64_t day;
	bool day_is_common;
};

static bool is_night_somewhere(const struct country *c, int64_t at_ms)
{
	for (size_t i = 0; i < c->count; i++) {
		struct clock clock = clock_at(c->zones[i], at_ms);

		if (is_night(c->policy, &clock, at_ms))
			return true;
	}
	return false;
}

static int64_t day_at(const struct country *c, int64_t at_ms)
{
	return floor_to(at_ms + zone_offset_s(c->home, at_ms) * SECOND_MS, DAY_MS) / DAY_MS;
}

/* Does this day of the home zone leave some of the window to all zones? */
static bool is_common_day(struct country *c, int64_t now_ms)
{
	int64_t day = day_at(c, now_ms), first_ms = day * DAY_MS - 15 * HOUR_MS;

	if (day == c->day)
		return c->day_is_common;
	c->day = day;
	c->day_is_common = false;
	for (int64_t at_ms = first_ms; at_ms < first_ms + 54 * HOUR_MS; at_ms += MINUTE_MS) {
		struct clock clock = clock_at(c->home, at_ms);

		if (day_at(c, at_ms) == day && is_in_window(&clock, c->window, at_ms) &&
		    !is_night_somewhere(c, at_ms))
			return c->day_is_common = true;
	}
	return false;
}

static bool is_open(struct country *c, int64_t at_ms)
{
	struct clock clock = clock_at(c->home, at_ms);

	if (!is_in_window(&clock, c->window, at_ms))
		return false;
	for (size_t i = 0; i < c->count; i++) {
		struct clock there = clock_at(c->zones[i], at_ms);

		if (is_quiet_day(c->policy, local_ms(&there, at_ms)))
			return false;
	}
	if (c->window->to_min && c->count > 1 && !is_common_day(c, at_ms))
		return !is_night(c->policy, &clock, at_ms);
	return !is_night_somewhere(c, at_ms);
}

/* The first minute that is allowed, or -1 in 9 days. */
static int64_t walk(struct country *c, int64_t now_ms)
{
	for (int64_t at_ms = now_ms; at_ms <= now_ms + 9 * DAY_MS; at_ms += MINUTE_MS) {
		if (is_open(c, at_ms))
			return at_ms;
	}
	return -1;
}

static unsigned found_in_countries;

static void check_country(struct policy *policy, const char *name, int64_t now_ms)
{
	struct country c = {.policy = policy, .day = INT64_MIN};
	int64_t expected_ms, found_ms;

	c.count = zones_of_country(policy->zones, slice_text(name), c.zones, 64);
	c.home = zones_for_country(policy->zones, slice_text(name), policy->shop_zone);
	c.window = &windows[random_below(2)];
	policy->quiet_day_count = (unsigned)random_below(COUNT_OF(days) + 1);
	expected_ms = walk(&c, now_ms);
	found_ms = sending_time(policy, slice_text(""), slice_text(name), c.window, now_ms);
	if (expected_ms >= 0)
		check(name, now_ms, found_ms, expected_ms);
	else
		assert_true(found_ms > now_ms + 9 * DAY_MS);
	found_in_countries += expected_ms >= 0;
}

static void test_every_country(void **state)
{
	struct policy policy = {.zones = *state, .quiet_hours = hours[0], .quiet_days = days};

	if (!*state)
		skip();
	policy.shop_zone = zones_find(*state, slice_text("Europe/London"));
	for (int i = 0; i < 26 * 26; i++) {
		char country[] = {(char)('A' + i / 26), (char)('A' + i % 26), '\0'};

		if (!zones_of_country(*state, slice_text(country), NULL, 0))
			continue;
		for (int n = 0; n < 4; n++)
			check_country(&policy, country,
				      from_ms + (int64_t)random_below(until_ms - from_ms) /
						    MINUTE_MS * MINUTE_MS);
	}
	assert_in_range(found_in_countries, 900, 1100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_zone_around_its_changes),
	    cmocka_unit_test_setup_teardown(test_every_country, load_world, free_world),
	};

	return cmocka_run_group_tests_name("policy_sending", tests, NULL, NULL);
}
