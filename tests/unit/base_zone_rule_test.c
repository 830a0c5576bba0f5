/* Every form of a footer's rule, against libc's reading of the same rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "zone_file.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* 2038 to 2045: leap years, and weekdays in all positions. */
static void test_rules_are_read_as_libc_does(void **state)
{
	static const char *const rules[] = {
	    "UTC0",
	    "<+0330>-3:30",
	    "<-03>3",
	    "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
	    "CET-1CEST,M3.5.0,M10.5.0/3",
	    "EST5EDT,M3.2.0,M11.1.0",
	    "EST5EDT",
	    "EST5EDT4",
	    "IST-1GMT0,M10.5.0,M3.5.0/1",
	    "IST-2IDT,M3.4.4/26,M10.5.0",
	    "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
	    "EET-2EEST,M3.5.0/3,M10.5.0/4",
	    "XXX5YYY4,J60,J300",
	    "XXX5YYY,59,299/1:30:15",
	    "XXX5YYY,J59/0,J60/24",
	    "XXX+5:30:15YYY-1:00,100/-24,200/48",
	    "AEST-10AEDT,M10.1.0,M4.1.0/3",
	    "XXX-14YYY,M2.5.3/167,M8.4.6/-167",
	    "XXX12YYY,M5.1.1,M5.3.1",
	    "AAA24BBB23,M4.1.0,M9.1.0",
	    "AAA-24",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		struct zone *zone = zone_of_rule(rules[i]);

		setenv("TZ", rules[i], 1);
		tzset();
		for (time_t at_s = 2145916800; at_s < 2398377600; at_s += 2700) {
			struct tm tm;

			localtime_r(&at_s, &tm);
			if (zone_offset_s(zone, (int64_t)at_s * 1000) != tm.tm_gmtoff)
				fail_msg("%s at %lld: %d, libc says %ld", rules[i], (long long)at_s,
					 zone_offset_s(zone, (int64_t)at_s * 1000), tm.tm_gmtoff);
		}
		zone_free(zone);
	}
}

/* RFC 8536 3.3.1: summer time for ever is a rule that ends when it begins. */
static void test_summer_time_all_year(void **state)
{
	struct zone *zone = zone_of_rule("EST5EDT,0/0,J365/25");
	struct zone *never = zone_of_rule("EST5EDT,J100,J100/3");

	(void)state;
	for (int64_t at_ms = 0; at_ms < 4000 * DAY_MS; at_ms += HOUR_MS) {
		assert_int_equal(zone_offset_s(zone, at_ms), -4 * 3600);
		assert_int_equal(zone_offset_s(never, at_ms), -5 * 3600);
	}
	zone_free(zone);
	zone_free(never);
}

/* A day of next year's summer in this December, by times of -167 h; and one of last year's. */
static void test_changes_beyond_their_year(void **state)
{
	const int64_t january_ms = INT64_C(1767225600000); /* 2026-01-01 in UTC */
	struct zone *early = zone_of_rule("XXX5YYY,J1/-167,J2/-167");
	struct zone *late = zone_of_rule("XXX5YYY,J364/167,J365/167");

	(void)state;
	for (int64_t hour = -300; hour < 300; hour++) {
		bool in_early = hour >= -167 + 5 && hour < -167 + 24 + 4;
		bool in_late = hour >= -48 + 167 + 5 && hour < -24 + 167 + 4;
		int64_t at_ms = january_ms + hour * HOUR_MS;

		assert_int_equal(zone_offset_s(early, at_ms), (in_early ? -4 : -5) * 3600);
		assert_int_equal(zone_offset_s(late, at_ms), (in_late ? -4 : -5) * 3600);
	}
	zone_free(early);
	zone_free(late);
}

static void test_rules_that_are_none(void **state)
{
	static const char *const rules[] = {
	    "X5",
	    "XX5",
	    "EST",
	    "5",
	    "EST5E",
	    "EST5EDT,",
	    "EST5EDT,M3.2.0",
	    "EST5EDT,M3.2.0,",
	    "EST5EDT,M13.2.0,M11.1.0",
	    "EST5EDT,M0.2.0,M11.1.0",
	    "EST5EDT,M3.6.0,M11.1.0",
	    "EST5EDT,M3.0.0,M11.1.0",
	    "EST5EDT,M3.2.7,M11.1.0",
	    "EST5EDT,J0,J300",
	    "EST5EDT,J366,J300",
	    "EST5EDT,366,1",
	    "EST5EDT,-1,1",
	    "EST25",
	    "EST5:60",
	    "EST5:00:60",
	    "EST5:",
	    "EST5EDT,M3.2.0/168,M11.1.0",
	    "EST5EDT,M3.2.0/-168,M11.1.0",
	    "EST5EDT,M3.2.0,M11.1.0x",
	    "EST5EDT,M3.2.0,M11.1.0,J1",
	    "<EST5",
	    "<E>5",
	    "<ES?>5",
	    "EST5EDT,M3.2,M11.1.0",
	    "EST5EDT,1/,2",
	    "EST 5",
	    ":Europe/London",
	    "EST5\n",
	    "EST5EDT,M0003.2.0,M11.1.0",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		struct buf file = BUF_MAX(10000);
		struct err err;

		add_file(&file, rules[i]);
		if (refuse(&file, &err) == 0)
			fail_msg("\"%s\" was taken", rules[i]);
		assert_non_null(strstr(err.text, "footer: expected a rule"));
		buf_free(&file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rules_are_read_as_libc_does),
	    cmocka_unit_test(test_summer_time_all_year),
	    cmocka_unit_test(test_changes_beyond_their_year),
	    cmocka_unit_test(test_rules_that_are_none),
	};

	return cmocka_run_group_tests_name("base_zone_rule", tests, NULL, NULL);
}
