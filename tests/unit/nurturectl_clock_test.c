/* Which clocks `nurturectl clock` finds wrong, and which of them --set puts right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/stream/clock_check.h"
#include "services/nurturectl/repair/clocks.h"

#define NOW_MS INT64_C(1772366400000) /* 2026-03-01T12:00:00Z */

static void a_clock_is_ahead_beyond_what_machines_differ(void **state)
{
	(void)state;
	assert_false(clock_is_ahead(INT64_MIN, NOW_MS));
	assert_false(clock_is_ahead(NOW_MS - DAY_MS, NOW_MS));
	assert_false(clock_is_ahead(NOW_MS + CLOCK_TOLERANCE_MS, NOW_MS));
	assert_true(clock_is_ahead(NOW_MS + CLOCK_TOLERANCE_MS + 1, NOW_MS));
	assert_true(clock_is_ahead(INT64_MAX, NOW_MS));
}

static void a_clock_is_put_back_and_never_on_to_what_is_past(void **state)
{
	(void)state;
	/* to now: whatever is later, also within what machines differ */
	assert_true(clock_is_changed(NOW_MS + DAY_MS, NOW_MS, NOW_MS));
	assert_true(clock_is_changed(NOW_MS + 1, NOW_MS, NOW_MS));
	assert_false(clock_is_changed(NOW_MS, NOW_MS, NOW_MS));
	assert_false(clock_is_changed(NOW_MS - 1, NOW_MS, NOW_MS));
	/* to a time that is past: only what is later than that */
	assert_true(clock_is_changed(NOW_MS, NOW_MS - DAY_MS, NOW_MS));
	assert_false(clock_is_changed(NOW_MS - 2 * DAY_MS, NOW_MS - DAY_MS, NOW_MS));
	/* to one that is still to come: all, for tests */
	assert_true(clock_is_changed(NOW_MS, NOW_MS + DAY_MS, NOW_MS));
	assert_true(clock_is_changed(NOW_MS + 2 * DAY_MS, NOW_MS + DAY_MS, NOW_MS));
	assert_false(clock_is_changed(NOW_MS + DAY_MS, NOW_MS + DAY_MS, NOW_MS));
}

static void set_takes_a_time_or_now(void **state)
{
	static const char *const wrong[] = {
	    "", "Now", "12:00", "2026-03-01", "1772366400000", "2026-03-01T12:00:00Z tomorrow"};
	int64_t to_ms;
	struct err err;

	(void)state;
	assert_int_equal(clock_set_read("now", NOW_MS + 7, &to_ms, &err), 0);
	assert_int_equal(to_ms, NOW_MS + 7);
	assert_int_equal(clock_set_read(NULL, NOW_MS + 7, &to_ms, &err), 0);
	assert_int_equal(to_ms, NOW_MS + 7);
	assert_int_equal(clock_set_read("2026-03-01T13:00:00+01:00", 0, &to_ms, &err), 0);
	assert_int_equal(to_ms, NOW_MS);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(clock_set_read(wrong[i], NOW_MS, &to_ms, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_non_null(strstr(err.text, "--set: expected a time like "));
		assert_non_null(strstr(err.text, wrong[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_clock_is_ahead_beyond_what_machines_differ),
	    cmocka_unit_test(a_clock_is_put_back_and_never_on_to_what_is_past),
	    cmocka_unit_test(set_takes_a_time_or_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
