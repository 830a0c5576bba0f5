/* policy_working_hours_test.c - time as people at work count it, against counting minute by minute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/policy/working_hours.h"
#include "policy_fixture.h"

static struct zones *zones;

static int set_up(void **state)
{
	(void)state;
	zones = fixture_zones();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	zones_free(zones);
	return 0;
}

static const struct civil_date days_off[] = {{0, 12, 25}, {2026, 1, 6}};

/* Monday to Friday, nine to five in London, but on two days. */
static struct working_hours office(void)
{
	return (struct working_hours){.zone = zones_find(zones, slice_text("Europe/London")),
				      .days = 0x1f,
				      .from_min = 9 * 60,
				      .to_min = 17 * 60,
				      .days_off = days_off,
				      .days_off_count = 2};
}

static int64_t at(const char *text)
{
	struct err err;
	int64_t ms;

	if (rfc3339_parse(slice_text(text), &ms, &err) < 0)
		fail_msg("%s", err.text);
	return ms;
}

static void check_time(int64_t found_ms, const char *expected)
{
	char text[RFC3339_BYTES];

	assert_string_equal(rfc3339_text(found_ms, text), expected);
}

static void time_goes_by_in_hours_only(void **state)
{
	struct working_hours hours = office();

	(void)state;
	/* inside a day, over a night, over a weekend, from before work */
	check_time(working_add(&hours, at("2026-01-08T10:00:00Z"), 2 * HOUR_MS),
		   "2026-01-08T12:00:00Z");
	check_time(working_add(&hours, at("2026-01-08T16:00:00Z"), 4 * HOUR_MS),
		   "2026-01-09T12:00:00Z");
	check_time(working_add(&hours, at("2026-01-09T16:00:00Z"), 4 * HOUR_MS),
		   "2026-01-12T12:00:00Z");
	check_time(working_add(&hours, at("2026-01-08T03:00:00Z"), HOUR_MS),
		   "2026-01-08T10:00:00Z");
	/* a whole day ends when work does */
	check_time(working_add(&hours, at("2026-01-08T09:00:00Z"), 8 * HOUR_MS),
		   "2026-01-08T17:00:00Z");
	/* the next instant of work, which may be now */
	check_time(working_add(&hours, at("2026-01-08T17:00:00Z"), 0), "2026-01-09T09:00:00Z");
	check_time(working_add(&hours, at("2026-01-08T16:59:59Z"), 0), "2026-01-08T16:59:59Z");
}

static void nobody_works_on_days_off(void **state)
{
	struct working_hours hours = office();

	(void)state;
	check_time(working_add(&hours, at("2026-01-05T16:30:00Z"), HOUR_MS),
		   "2026-01-07T09:30:00Z");
	check_time(working_add(&hours, at("2027-01-05T16:30:00Z"), HOUR_MS),
		   "2027-01-06T09:30:00Z");
	check_time(working_add(&hours, at("2026-12-24T16:30:00Z"), HOUR_MS),
		   "2026-12-28T09:30:00Z");
	assert_false(working_at(&hours, at("2026-12-25T12:00:00Z")));
	assert_true(working_at(&hours, at("2026-12-24T12:00:00Z")));
}

static void hours_are_local(void **state)
{
	struct working_hours hours = office();

	(void)state;
	/* Summer time begins on 29 March: nine o'clock is an hour earlier from then on. */
	check_time(working_add(&hours, at("2026-03-27T16:00:00Z"), 2 * HOUR_MS),
		   "2026-03-30T09:00:00Z");
	assert_true(working_at(&hours, at("2026-03-30T08:00:00Z")));
	assert_false(working_at(&hours, at("2026-03-27T08:00:00Z")));
	/* A shift over the night in which an hour is missing has an hour less. */
	hours.days = 0x7f;
	hours.from_min = 0;
	hours.to_min = DAY_MIN;
	check_time(working_add(&hours, at("2026-03-29T00:00:00Z"), 23 * HOUR_MS),
		   "2026-03-29T23:00:00Z");
}

static void time_is_counted_back(void **state)
{
	struct working_hours hours = office();

	(void)state;
	check_time(working_back(&hours, at("2026-01-09T12:00:00Z"), 4 * HOUR_MS),
		   "2026-01-08T16:00:00Z");
	check_time(working_back(&hours, at("2026-01-12T09:00:00Z"), HOUR_MS),
		   "2026-01-09T16:00:00Z");
	check_time(working_back(&hours, at("2026-01-10T12:00:00Z"), 8 * HOUR_MS),
		   "2026-01-09T09:00:00Z");
}

static void no_work_is_never(void **state)
{
	struct working_hours hours = office();

	(void)state;
	hours.days = 0;
	assert_int_equal(working_add(&hours, at("2026-01-08T10:00:00Z"), 0), NEVER_MS);
	assert_int_equal(working_back(&hours, at("2026-01-08T10:00:00Z"), 1), -NEVER_MS);
}

/* Every time is asked of the plain definition: so many minutes of work between the two. */
static void it_is_what_a_clerk_would_count(void **state)
{
	struct working_hours hours = office();
	uint64_t random = 1;

	(void)state;
	for (int i = 0; i < 300; i++) {
		int64_t from_ms, until_ms, minutes, worked = 0;

		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		from_ms = at("2026-03-20T00:00:00Z") + (int64_t)(random >> 40) % 20000 * MINUTE_MS;
		minutes = (int64_t)(random >> 20) % 1500 + 1;
		until_ms = working_add(&hours, from_ms, minutes * MINUTE_MS);
		for (int64_t ms = from_ms; ms < until_ms; ms += MINUTE_MS)
			worked += working_at(&hours, ms);
		assert_int_equal(worked, minutes);
		assert_true(working_at(&hours, until_ms - MINUTE_MS));
		/* and back again, to the instant from which on work counted */
		assert_int_equal(working_back(&hours, until_ms, minutes * MINUTE_MS),
				 working_add(&hours, from_ms, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(time_goes_by_in_hours_only),
	    cmocka_unit_test(nobody_works_on_days_off),
	    cmocka_unit_test(hours_are_local),
	    cmocka_unit_test(time_is_counted_back),
	    cmocka_unit_test(no_work_is_never),
	    cmocka_unit_test(it_is_what_a_clerk_would_count),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
