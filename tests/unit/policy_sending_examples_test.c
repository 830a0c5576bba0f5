/* policy_sending_examples_test.c - windows and quiet days, by dates that a person can follow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/config/zoneinfo.h"
#include "common/policy/quiet.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define ZONE_ROOT "/usr/share/zoneinfo"
static const struct quiet_hours nights = {false, 21 * 60, 8 * 60};
static const struct send_window morning = {600, 720};

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

static void check_at(const struct policy *policy, const char *zone, const char *country,
		     const struct send_window *window, const char *now, const char *expected)
{
	char found[RFC3339_BYTES];
	int64_t now_ms = 0, found_ms;
	struct err err;

	assert_int_equal(rfc3339_parse(slice_text(now), &now_ms, &err), 0);
	found_ms = sending_time(policy, slice_text(zone), slice_text(country), window, now_ms);
	if (!expected)
		assert_true(found_ms == NEVER_MS);
	else
		assert_string_equal(rfc3339_text(found_ms, found), expected);
}

static void test_examples(void **state)
{
	static struct quiet_day some[] = {{QUIET_WEEKDAY, 7, 0, 0, 0},
					  {QUIET_YEARLY, 0, 0, 12, 25},
					  {QUIET_DATE, 0, 2026, 12, 26}};
	static const struct send_window night = {22 * 60, 23 * 60}, skipped = {75, 105};
	struct policy policy = {.zones = *state, .quiet_hours = nights};

	if (!*state)
		skip();
	policy.shop_zone = zones_find(*state, slice_text("Europe/London"));
	check_at(&policy, "", "", &morning, "2026-01-10T10:00:00Z", "2026-01-10T10:00:00Z");
	check_at(&policy, "", "", &morning, "2026-01-10T12:00:00Z", "2026-01-11T10:00:00Z");
	check_at(&policy, "Asia/Tokyo", "", &morning, "2026-01-10T10:00:00Z",
		 "2026-01-11T01:00:00Z");
	/* 01:15 does not exist on that day: it is 02:15 by the new time, at night as it is. */
	policy.quiet_hours.off = true;
	check_at(&policy, "", "", &skipped, "2026-03-29T00:00:00Z", "2026-03-29T01:15:00Z");
	check_at(&policy, "", "", &skipped, "2026-03-29T01:45:00Z", "2026-03-30T00:15:00Z");
	policy.quiet_hours.off = false;
	check_at(&policy, "", "", &night, "2026-01-10T10:00:00Z", NULL);
	/* Friday the 25th, Saturday the 26th, Sunday the 27th of December 2026. */
	policy.quiet_days = some;
	policy.quiet_day_count = 3;
	check_at(&policy, "", "", NULL, "2026-12-24T21:30:00Z", "2026-12-28T08:00:00Z");
	check_at(&policy, "", "", &morning, "2026-12-24T20:30:00Z", "2026-12-28T10:00:00Z");
	policy.quiet_hours.off = true;
	check_at(&policy, "", "", NULL, "2026-12-24T21:30:00Z", "2026-12-24T21:30:00Z");
	check_at(&policy, "", "", NULL, "2026-12-25T21:30:00Z", "2026-12-28T00:00:00Z");
	/* It is Sunday somewhere in the United States from 05:00 UTC on, and until 10:00 on
	 * Monday. */
	check_at(&policy, "", "US", NULL, "2026-01-11T03:59:00Z", "2026-01-11T03:59:00Z");
	check_at(&policy, "", "US", NULL, "2026-01-11T05:00:00Z", "2026-01-12T10:00:00Z");
}

/* No day is left: said at once, and not after looking at each minute of a year. */
static void test_never(void **state)
{
	static struct quiet_day week[] = {{QUIET_WEEKDAY, 1, 0, 0, 0}, {QUIET_WEEKDAY, 2, 0, 0, 0},
					  {QUIET_WEEKDAY, 3, 0, 0, 0}, {QUIET_WEEKDAY, 4, 0, 0, 0},
					  {QUIET_WEEKDAY, 5, 0, 0, 0}, {QUIET_WEEKDAY, 6, 0, 0, 0},
					  {QUIET_WEEKDAY, 7, 0, 0, 0}};
	struct policy policy = {
	    .zones = *state, .quiet_hours = nights, .quiet_days = week, .quiet_day_count = 7};

	if (!*state)
		skip();
	policy.shop_zone = zones_find(*state, slice_text("Europe/London"));
	check_at(&policy, "", "US", NULL, "2026-01-10T10:00:00Z", NULL);
	check_at(&policy, "", "", &morning, "2026-01-10T10:00:00Z", NULL);
	assert_true(sending_time(&policy, slice_text(""), slice_text(""), NULL, NEVER_MS) ==
		    NEVER_MS);
	policy.quiet_day_count = 0;
	policy.quiet_hours = (struct quiet_hours){false, 20 * 60, 10 * 60};
	check_at(&policy, "", "RU", NULL, "2026-01-10T12:00:00Z", NULL);
}

/* Of somebody of whom only the country is known. */
static void test_country_alone(void **state)
{
	static const struct send_window noon = {750, 840}, evening = {18 * 60, 20 * 60};
	static struct quiet_day but_sunday[] = {
	    {QUIET_WEEKDAY, 1, 0, 0, 0}, {QUIET_WEEKDAY, 2, 0, 0, 0}, {QUIET_WEEKDAY, 3, 0, 0, 0},
	    {QUIET_WEEKDAY, 4, 0, 0, 0}, {QUIET_WEEKDAY, 5, 0, 0, 0}, {QUIET_WEEKDAY, 6, 0, 0, 0}};
	struct policy policy = {.zones = *state, .quiet_hours = nights};

	if (!*state)
		skip();
	policy.shop_zone = zones_find(*state, slice_text("Europe/London"));
	/* 10 to 12 in New York is before 8 in Honolulu, in summer and winter: New York's night. */
	check_at(&policy, "", "US", &morning, "2026-01-10T10:00:00Z", "2026-01-10T15:00:00Z");
	check_at(&policy, "", "US", &morning, "2026-07-10T10:00:00Z", "2026-07-10T14:00:00Z");
	/* From 12:30 on there is half an hour of 08:00 in Honolulu in winter, none in summer. */
	check_at(&policy, "", "US", &noon, "2026-01-10T10:00:00Z", "2026-01-10T18:00:00Z");
	check_at(&policy, "", "US", &noon, "2026-07-10T10:00:00Z", "2026-07-10T16:30:00Z");
	/* Sao Paulo's morning is 13:00 UTC, and 09:00 in Manaus: not yet 08:00 on the Acre. */
	check_at(&policy, "", "BR", &morning, "2026-01-10T10:00:00Z", "2026-01-10T13:00:00Z");
	/* A shop in Los Angeles: its own morning, when it is day from there to New York. */
	policy.shop_zone = zones_find(*state, slice_text("America/Los_Angeles"));
	check_at(&policy, "", "US", &morning, "2026-01-10T10:00:00Z", "2026-01-10T18:00:00Z");
	check_at(&policy, "", "BR", &morning, "2026-01-10T10:00:00Z", "2026-01-10T13:00:00Z");
	/* Moscow's Sunday evening is Monday in Kamchatka, where Monday is a quiet day. */
	policy.quiet_hours.off = true;
	policy.quiet_days = but_sunday;
	policy.quiet_day_count = 6;
	check_at(&policy, "", "RU", &evening, "2026-01-10T10:00:00Z", "2026-01-11T15:00:00Z");
	check_at(&policy, "", "RU", &morning, "2026-01-10T10:00:00Z", "2026-01-11T07:00:00Z");
}

/* What has missed its window keeps the night of the day that the window has left it. */
static void test_night_of_the_late(void **state)
{
	struct policy policy = {.zones = *state, .quiet_hours = nights};
	const int64_t at_ms = INT64_C(1768060800000) + 6 * HOUR_MS; /* 2026-01-10 22:00 UTC */
	struct slice none = slice_text(""), us = slice_text("US");

	if (!*state)
		skip();
	policy.shop_zone = zones_find(*state, slice_text("Europe/London"));
	assert_true(night_end(&policy, none, us, &morning, at_ms) == at_ms);
	assert_true(night_end(&policy, none, us, &morning, at_ms - 8 * HOUR_MS) ==
		    at_ms - 8 * HOUR_MS); /* 09:00 in New York */
	assert_true(night_end(&policy, none, us, NULL, at_ms - 8 * HOUR_MS) == at_ms - 4 * HOUR_MS);
	assert_string_equal(hours_rule(&policy, none, us, &morning, true, at_ms), "send_at");
	assert_string_equal(hours_rule(&policy, none, us, NULL, true, at_ms - 8 * HOUR_MS),
			    "quiet_hours");
	assert_string_equal(hours_rule(&policy, none, us, &morning, true, at_ms - 7 * HOUR_MS), "");
	assert_string_equal(hours_rule(&policy, none, us, NULL, false, at_ms - 8 * HOUR_MS), "");
}

static void test_best_window(void **state)
{
	static const struct {
		struct quiet_hours quiet;
		int window_min, hour, from_min, to_min;
	} rows[] = {
	    {{true, 0, 0}, 120, -1, 600, 720},
	    {{true, 0, 0}, 120, 10, 570, 690},
	    {{true, 0, 0}, 120, 0, 0, 120},
	    {{true, 0, 0}, 120, 23, 1320, 1440},
	    {{true, 0, 0}, 1440, 12, 0, 1440},
	    {{true, 0, 0}, 1, 12, 750, 751},
	    {{false, 1260, 480}, 120, 20, 1170, 1290},
	    {{false, 1260, 480}, 120, 22, 1140, 1260},
	    {{false, 1260, 480}, 120, 2, 480, 600},
	    {{false, 1260, 480}, 120, 3, 480, 600},
	    {{false, 1260, 480}, 120, 23, 1140, 1260},
	    {{false, 0, 480}, 120, 1, 1320, 1440},
	    {{false, 30, 1410}, 120, 2, 0, 120},
	    {{false, 30, 1410}, 120, 20, 1320, 1440},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct policy policy = {.quiet_hours = rows[i].quiet,
					.send_time = {600, rows[i].window_min, 3}};
		struct send_window window = best_window(&policy, rows[i].hour);

		if (window.from_min != rows[i].from_min || window.to_min != rows[i].to_min)
			fail_msg("row %zu: %d to %d", i, window.from_min, window.to_min);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_examples, load_world, free_world),
	    cmocka_unit_test_setup_teardown(test_never, load_world, free_world),
	    cmocka_unit_test(test_best_window),
	    cmocka_unit_test_setup_teardown(test_country_alone, load_world, free_world),
	    cmocka_unit_test_setup_teardown(test_night_of_the_late, load_world, free_world),
	};

	return cmocka_run_group_tests_name("policy_sending_examples", tests, NULL, NULL);
}
