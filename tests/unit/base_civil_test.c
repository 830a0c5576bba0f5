/* The calendar against libc's, day by day, and RFC 3339 both ways. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "common/base/civil.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define BAD INT64_C(-7777)
#define NONE -9999

/* Every day of the years 1 to 9999. */
static void test_days_are_those_of_libc(void **state)
{
	int64_t first = civil_days((struct civil_date){1, 1, 1});
	int64_t last = civil_days((struct civil_date){9999, 12, 31});

	(void)state;
	assert_int_equal(first, -719162);
	assert_int_equal(last, 2932896);
	for (int64_t days = first; days <= last; days++) {
		time_t seconds = (time_t)days * 86400;
		struct civil_date date = civil_from_days(days);
		struct tm tm;

		gmtime_r(&seconds, &tm);
		if (date.year != tm.tm_year + 1900 || date.month != tm.tm_mon + 1 ||
		    date.day != tm.tm_mday || civil_days(date) != days || !civil_is_valid(date))
			fail_msg("day %" PRId64 " is %d-%d-%d", days, date.year, date.month,
				 date.day);
	}
}

static void test_days_that_do_not_exist(void **state)
{
	static const struct civil_date bad[] = {
	    {0, 1, 1},     {10000, 1, 1}, {2026, 0, 1},  {2026, 13, 1}, {2026, 1, 0},
	    {2026, 1, 32}, {2026, 4, 31}, {2026, 2, 29}, {1900, 2, 29}, {-1, 1, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(civil_is_valid(bad[i]));
	assert_true(civil_is_valid((struct civil_date){2000, 2, 29}));
	assert_true(civil_is_valid((struct civil_date){2024, 2, 29}));
}

static void test_rfc3339_text(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
	    {0, "1970-01-01T00:00:00Z"},
	    {-1, "1969-12-31T23:59:59.999Z"},
	    {1772366400000, "2026-03-01T12:00:00Z"},
	    {1772366400050, "2026-03-01T12:00:00.050Z"},
	    {INT64_C(-62135596800000), "0001-01-01T00:00:00Z"},
	    {INT64_MIN, "0001-01-01T00:00:00Z"},
	    {NEVER_MS, "9999-12-31T23:59:59.999Z"},
	};
	char buf[RFC3339_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(rfc3339_text(cases[i].ms, buf), cases[i].text);
}

static const struct {
	const char *text;
	int64_t ms;
} rfc3339_cases[] = {
    {"2026-03-01T12:00:00Z", 1772366400000},
    {"2026-03-01t12:00:00z", 1772366400000},
    {"2026-03-01 12:00:00Z", 1772366400000},
    {"2026-03-01T12:00:00.5Z", 1772366400500},
    {"2026-03-01T12:00:00.123456789Z", 1772366400123},
    {"2026-03-01T12:00:00.999999999Z", 1772366400999},
    {"1969-12-31T23:59:59.5Z", -500},
    {"2026-03-01T13:00:00+01:00", 1772366400000},
    {"2026-03-01T00:30:00-11:30", 1772366400000},
    {"2026-03-01T12:00:00-00:00", 1772366400000},
    {"2024-02-29T00:00:00Z", 1709164800000},
    {"2016-12-31T23:59:60Z", 1483228800000},
    {"2016-12-31T23:59:60.25Z", 1483228800250},
    {"2017-01-01T00:59:60+01:00", 1483228800000},
    {"1960-12-31T23:59:60.5Z", -283996799500},
    {"0001-01-01T00:00:00Z", INT64_C(-62135596800000)},
    {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
    {"0001-01-01T00:00:00+00:01", BAD},
    {"9999-12-31T23:59:59-00:01", BAD},
    {"0000-01-01T00:00:00Z", BAD},
    {"2016-12-31T22:59:60Z", BAD},
    {"2016-12-31T23:58:60Z", BAD},
    {"2026-02-29T00:00:00Z", BAD},
    {"2026-13-01T00:00:00Z", BAD},
    {"2026-03-01T24:00:00Z", BAD},
    {"2026-03-01T12:60:00Z", BAD},
    {"2026-03-01T12:00:61Z", BAD},
    {"2026-03-01T12:00:00", BAD},
    {"2026-03-01T12:00Z", BAD},
    {"2026-03-01", BAD},
    {"2026-3-1T12:00:00Z", BAD},
    {"20260301T120000Z", BAD},
    {"2026-03-01T12:00:00.Z", BAD},
    {"2026-03-01T12:00:00.1234567890Z", BAD},
    {"2026-03-01T12:00:00,5Z", BAD},
    {"2026-03-01T12:00:00+0100", BAD},
    {"2026-03-01T12:00:00+24:00", BAD},
    {"2026-03-01T12:00:00+01:60", BAD},
    {"2026-03-01T12:00:00Zx", BAD},
    {" 2026-03-01T12:00:00Z", BAD},
    {"+2026-03-01T12:00:00Z", BAD},
    {"", BAD},
};

static void test_rfc3339_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rfc3339_cases); i++) {
		int64_t ms = BAD;
		struct err err;
		int result = rfc3339_parse(slice_text(rfc3339_cases[i].text), &ms, &err);

		if (ms != rfc3339_cases[i].ms || (result == 0) != (rfc3339_cases[i].ms != BAD))
			fail_msg("\"%s\" gave %d and %" PRId64, rfc3339_cases[i].text, result, ms);
	}
}

static void test_rfc3339_round_trip(void **state)
{
	char buf[RFC3339_BYTES];
	uint64_t random = 1;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		int64_t ms, back = BAD;
		struct err err;

		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		ms =
		    (int64_t)((random >> 11) % UINT64_C(315537897600000)) - INT64_C(62135596800000);
		rfc3339_text(ms, buf);
		assert_int_equal(rfc3339_parse(slice_text(buf), &back, &err), 0);
		assert_true(back == ms);
	}
}

static void test_birthdays(void **state)
{
	static const struct {
		const char *text;
		struct civil_date date;
	} cases[] = {
	    {"1980-02-29", {1980, 2, 29}}, {"--02-29", {0, 2, 29}},   {"--12-31", {0, 12, 31}},
	    {"1981-02-29", {NONE, 0, 0}},  {"--02-30", {NONE, 0, 0}}, {"--13-01", {NONE, 0, 0}},
	    {"-02-29", {NONE, 0, 0}},      {"02-29", {NONE, 0, 0}},   {"--02-29 ", {NONE, 0, 0}},
	    {"1980-02-290", {NONE, 0, 0}}, {"", {NONE, 0, 0}},        {"0000-02-01", {NONE, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct civil_date date = {NONE, 0, 0};
		struct err err;
		int result = birthday_parse(slice_text(cases[i].text), &date, &err);

		if (memcmp(&date, &cases[i].date, sizeof(date)) != 0 ||
		    (result == 0) != (cases[i].date.year != NONE))
			fail_msg("\"%s\" gave %d", cases[i].text, result);
		/* It is personal: what was found stays out of the message, which has examples. */
		if (result < 0 && !strstr("1980-02-29 or --02-29", cases[i].text))
			assert_null(strstr(err.text, cases[i].text));
	}
}

static void test_dates(void **state)
{
	struct civil_date date = {NONE, 0, 0};
	struct err err;

	(void)state;
	assert_int_equal(civil_parse(slice_text("2026-02-29"), &date, &err), -1);
	assert_string_equal(err.text, "\"2026-02-29\": there is no such day");
	assert_int_equal(civil_parse(slice_text("2026-02-28T"), &date, &err), -1);
	assert_int_equal(date.year, NONE);
	assert_int_equal(civil_parse(slice_text("2026-02-28"), &date, &err), 0);
	assert_int_equal(date.day, 28);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_days_are_those_of_libc),
	    cmocka_unit_test(test_days_that_do_not_exist),
	    cmocka_unit_test(test_rfc3339_text),
	    cmocka_unit_test(test_rfc3339_parse),
	    cmocka_unit_test(test_rfc3339_round_trip),
	    cmocka_unit_test(test_birthdays),
	    cmocka_unit_test(test_dates),
	};

	return cmocka_run_group_tests_name("base_civil", tests, NULL, NULL);
}
