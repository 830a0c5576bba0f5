/*
 * Every zone of the system against libc over ten years, and from local time
 * back against a search through all instants.  Every seventh hour and all hours
 * around a change; with NURTURE_TEST_FULL=1 every hour (half a minute).
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "every_zone.h"

enum { STEP_MINUTES = 15, AROUND_HOURS = 30 };

static const int64_t from_s = 1704067200;     /* 2024-01-01 */
static const int64_t until_s = 2019686400;    /* 2034-01-01 */
static const int64_t far_from_s = 3944678400; /* 2095-01-01: behind every table */
static const int64_t far_until_s =
    4133980800; /* 2101-01-01, over a year 2100 that is no leap year */

static void compare_with_libc(const char *name, const struct zone *zone, int64_t time_s)
{
	time_t seconds = (time_t)time_s;
	int64_t ms_of_day;
	struct civil_date date = zone_date(zone, time_s * 1000 + 7, &ms_of_day);
	struct tm tm;

	localtime_r(&seconds, &tm);
	if (zone_offset_s(zone, time_s * 1000) != tm.tm_gmtoff || date.year != tm.tm_year + 1900 ||
	    date.month != tm.tm_mon + 1 || date.day != tm.tm_mday ||
	    ms_of_day != ((tm.tm_hour * 60 + tm.tm_min) * 60 + tm.tm_sec) * SECOND_MS + 7)
		fail_msg("%s at %" PRId64 ": offset %d, libc says %ld", name, time_s,
			 zone_offset_s(zone, time_s * 1000), tm.tm_gmtoff);
}

static void visit_hours(const char *name, const struct zone *zone)
{
	int64_t step_s = getenv("NURTURE_TEST_FULL") ? 3600 : 7 * 3600;

	setenv("TZ", name, 1);
	tzset();
	for (int64_t at_s = from_s; at_s < until_s; at_s += step_s)
		compare_with_libc(name, zone, at_s);
	for (int64_t change_s = from_s; change_s < until_s;
	     change_s = zone_steady_until(zone, change_s * 1000) / 1000)
		for (int64_t at_s = change_s - 5 * 3600; at_s <= change_s + 5 * 3600; at_s += 1800)
			compare_with_libc(name, zone, at_s);
	for (int64_t at_s = far_from_s; at_s < far_until_s; at_s += 5 * step_s)
		compare_with_libc(name, zone, at_s);
	for (int64_t at_s = -2000000000; at_s < from_s; at_s += 3600 * 24 * 9 + 1)
		compare_with_libc(name, zone, at_s);
}

static void test_hours_are_those_of_libc(void **state)
{
	size_t count = every_zone(visit_hours);

	(void)state;
	if (!count) {
		print_message("skipped: %s has no zones\n", ZONE_ROOT);
		skip();
	}
	print_message("%zu different zones\n", count);
}

/* By the words of zone.h: the first instant that shows local_s; -1 when none does. */
static int64_t search_s(const int64_t *shown_s, int64_t first_s, size_t count, int64_t local_s)
{
	for (size_t i = 0; i < count; i++)
		if (shown_s[i] == local_s)
			return first_s + (int64_t)i * STEP_MINUTES * 60;
	return -1;
}

/* As far behind the gap as it was inside: the gap is where the wall clock passes local_s. */
static int64_t behind_gap_s(const int64_t *shown_s, int64_t first_s, size_t count, int64_t local_s)
{
	for (size_t i = 1; i < count; i++)
		if (shown_s[i - 1] < local_s && shown_s[i] > local_s)
			return first_s + (int64_t)i * STEP_MINUTES * 60 +
			       (local_s - shown_s[i - 1] - STEP_MINUTES * 60);
	return -1;
}

/* Every local quarter of an hour around a change; all changes since 2024 are on quarters. */
static void check_instants(const char *name, const struct zone *zone, int64_t change_s)
{
	enum { COUNT = 4 * AROUND_HOURS * 60 / STEP_MINUTES };
	static int64_t shown_s[COUNT];
	int64_t first_s = change_s - (int64_t)COUNT / 2 * STEP_MINUTES * 60;

	for (size_t i = 0; i < COUNT; i++) {
		int64_t at_s = first_s + (int64_t)i * STEP_MINUTES * 60;

		shown_s[i] = at_s + zone_offset_s(zone, at_s * 1000);
	}
	for (int64_t at_s = change_s - 6 * 3600; at_s < change_s + 6 * 3600;
	     at_s += STEP_MINUTES * 60) {
		int64_t local_s = at_s + zone_offset_s(zone, change_s * 1000 - 1);
		int64_t days = local_s / 86400;
		int64_t expected_s = search_s(shown_s, first_s, COUNT, local_s);

		if (expected_s < 0)
			expected_s = behind_gap_s(shown_s, first_s, COUNT, local_s);
		if (zone_instant(zone, civil_from_days(days), local_s % 86400 * 1000 + 9) !=
		    expected_s * 1000 + 9)
			fail_msg("%s: local %" PRId64 " should be %" PRId64, name, local_s,
				 expected_s);
	}
}

/* The promise of zone_steady_until(), and that it finds every change that the hours show. */
static void visit_changes(const char *name, const struct zone *zone)
{
	int64_t at_ms = from_s * 1000;

	while (at_ms < until_s * 1000) {
		int64_t steady_ms = zone_steady_until(zone, at_ms);
		int32_t offset_s = zone_offset_s(zone, at_ms);

		assert_true(steady_ms > at_ms);
		for (int64_t look_ms = at_ms; look_ms < steady_ms && look_ms < until_s * 1000;
		     look_ms += 6 * HOUR_MS)
			assert_int_equal(zone_offset_s(zone, look_ms), offset_s);
		if (steady_ms == NEVER_MS)
			break;
		assert_int_equal(zone_offset_s(zone, steady_ms - 1), offset_s);
		check_instants(name, zone, steady_ms / 1000);
		at_ms = steady_ms;
	}
}

static void test_local_times_are_found_again(void **state)
{
	(void)state;
	if (!every_zone(visit_changes)) {
		print_message("skipped: %s has no zones\n", ZONE_ROOT);
		skip();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hours_are_those_of_libc),
	    cmocka_unit_test(test_local_times_are_found_again),
	};

	return cmocka_run_group_tests_name("base_zone_world", tests, NULL, NULL);
}
