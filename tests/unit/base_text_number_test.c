/* Numbers, durations and money: what is taken, what is not, and that it can be written back. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/base/text.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define UNTOUCHED INT64_C(-7777)
#define BAD UNTOUCHED

struct number_case {
	const char *text;
	int64_t value; /* BAD: refused, and the output untouched */
};

typedef int (*reader)(struct slice text, int64_t *ret, struct err *err);

static void check_all(reader read, const struct number_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t value = UNTOUCHED;
		struct err err;
		int result = read(slice_text(cases[i].text), &value, &err);

		if (value != cases[i].value || (result == 0) != (cases[i].value != BAD))
			fail_msg("\"%s\" gave %d and %" PRId64, cases[i].text, result, value);
		if (result < 0)
			assert_non_null(strstr(err.text, "expected"));
	}
}

static int read_any(struct slice text, int64_t *ret, struct err *err)
{
	return text_int64(text, INT64_MIN, INT64_MAX, ret, err);
}

static int read_small(struct slice text, int64_t *ret, struct err *err)
{
	return text_int64(text, -5, 10, ret, err);
}

static void test_int64(void **state)
{
	static const struct number_case any[] = {
	    {"0", 0},
	    {"-0", 0},
	    {"007", 7},
	    {"42", 42},
	    {"-42", -42},
	    {"9223372036854775807", INT64_MAX},
	    {"9223372036854775808", BAD},
	    {"-9223372036854775808", INT64_MIN},
	    {"-9223372036854775809", BAD},
	    {"99999999999999999999999", BAD},
	    {"18446744073709551617", BAD},
	    {"", BAD},
	    {"-", BAD},
	    {"+1", BAD},
	    {"--1", BAD},
	    {" 1", BAD},
	    {"1 ", BAD},
	    {"1.0", BAD},
	    {"1e3", BAD},
	    {"0x10", BAD},
	    {"1\n", BAD},
	};
	static const struct number_case small[] = {
	    {"-5", -5}, {"10", 10}, {"-6", BAD}, {"11", BAD}, {"99999999999999999999", BAD},
	};
	int64_t value = UNTOUCHED;
	struct err err;

	(void)state;
	check_all(read_any, any, COUNT_OF(any));
	check_all(read_small, small, COUNT_OF(small));
	assert_int_equal(read_any(slice_of("1\0", 2), &value, &err), -1);
	read_small(slice_text("11"), &value, &err);
	assert_string_equal(err.text, "expected a whole number from -5 to 10, found \"11\"");
}

static void test_durations(void **state)
{
	static const struct number_case cases[] = {
	    {"0s", 0},
	    {"90s", 90000},
	    {"15m", 900000},
	    {"20h", 20 * HOUR_MS},
	    {"7d", 7 * DAY_MS},
	    {"2w", 14 * DAY_MS},
	    {"1500ms", 1500},
	    {"0d", 0},
	    {"400d", 400 * DAY_MS},
	    {"401d", BAD},
	    {"57w", 399 * DAY_MS},
	    {"58w", BAD},
	    {"34560000s", 400 * DAY_MS},
	    {"34560001s", BAD},
	    {"34560000001ms", BAD},
	    {"99999999999999999999999s", BAD},
	    {"9223372036854775807ms", BAD},
	    {"", BAD},
	    {"s", BAD},
	    {"5", BAD},
	    {"-5s", BAD},
	    {"+5s", BAD},
	    {"5 s", BAD},
	    {"5S", BAD},
	    {"5sec", BAD},
	    {"1h30m", BAD},
	    {"1.5h", BAD},
	    {"5s ", BAD},
	    {" 5s", BAD},
	};

	(void)state;
	check_all(text_duration_ms, cases, COUNT_OF(cases));
}

static void test_duration_texts(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
	    {0, "0s"},
	    {1, "1ms"},
	    {999, "999ms"},
	    {1500, "1s 500ms"},
	    {90000, "1m 30s"},
	    {HOUR_MS, "1h"},
	    {DAY_MS - 1, "23h 59m"},
	    {7 * DAY_MS, "7d"},
	    {2 * DAY_MS + 3 * HOUR_MS + 4 * MINUTE_MS, "2d 3h"},
	    {DAY_MS + MINUTE_MS, "1d"},
	    {-90000, "-1m 30s"},
	    {INT64_MIN, "-106751991167d 7h"},
	    {NEVER_MS, "never"},
	};
	char buf[32];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(duration_text(cases[i].ms, buf, sizeof(buf)), cases[i].text);
	assert_string_equal(duration_text(90000, buf, 4), "1m ");
}

static void test_money(void **state)
{
	static const struct number_case cases[] = {
	    {"0", 0},
	    {"12.50", 125000},
	    {"-12.5000", -125000},
	    {"12.5", 125000},
	    {"0.0001", 1},
	    {"-0.0001", -1},
	    {"-0", 0},
	    {"007.10", 71000},
	    {"1234567", 12345670000},
	    {"899999999999999.9999", INT64_C(8999999999999999999)},
	    {"900000000000000", BAD},
	    {"-899999999999999.9999", -INT64_C(8999999999999999999)},
	    {"-900000000000000.0", BAD},
	    {"99999999999999999999999", BAD},
	    {"", BAD},
	    {"-", BAD},
	    {".5", BAD},
	    {"5.", BAD},
	    {"1.23456", BAD},
	    {"1.2.3", BAD},
	    {"1,50", BAD},
	    {"1 000", BAD},
	    {"+1", BAD},
	    {"1e2", BAD},
	    {"$1", BAD},
	    {"1.-5", BAD},
	    {"NaN", BAD},
	    {" 1", BAD},
	    {"1.5 ", BAD},
	};

	(void)state;
	check_all(text_money_e4, cases, COUNT_OF(cases));
}

static void test_money_texts(void **state)
{
	static const struct {
		int64_t e4;
		const char *text;
	} cases[] = {
	    {0, "0.00"},
	    {125000, "12.50"},
	    {-125000, "-12.50"},
	    {125001, "12.5001"},
	    {125050, "12.5050"},
	    {-1, "-0.0001"},
	    {100, "0.01"},
	    {INT64_MIN, "-922337203685477.5808"},
	    {INT64_MAX, "922337203685477.5807"},
	};
	char buf[32];
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(money_text(cases[i].e4, buf, sizeof(buf)), cases[i].text);
	for (int64_t e4 = -200000; e4 < 200000; e4 += 7) {
		int64_t back = UNTOUCHED;

		money_text(e4, buf, sizeof(buf));
		assert_int_equal(text_money_e4(slice_text(buf), &back, &err), 0);
		assert_int_equal(back, e4);
	}
}

static void test_decimals(void **state)
{
	static const struct {
		const char *text;
		unsigned decimals;
		int64_t most, value; /* -1: refused */
		const char *again;
	} cases[] = {
	    {"0.45", 6, 1000000, 450000, "0.45"},
	    {"0.450", 6, 1000000, 450000, "0.45"},
	    {"1", 6, 1000000, 1000000, "1"},
	    {"0", 6, 1000000, 0, "0"},
	    {"0.000001", 6, 1000000, 1, "0.000001"},
	    {"120.05", 4, INT64_MAX, 1200500, "120.05"},
	    {"922337203.685477580", 9, INT64_MAX, INT64_C(922337203685477580),
	     "922337203.68547758"},
	    {"7", 0, 9, 7, "7"},
	    {"7.0", 0, 9, -1, NULL},
	    {"1.000001", 6, 1000000, -1, NULL},
	    {"2", 6, 1000000, -1, NULL},
	    {"0.0000001", 6, 1000000, -1, NULL},
	    {"-0.1", 6, 1000000, -1, NULL},
	    {".5", 6, 1000000, -1, NULL},
	    {"1.", 6, 1000000, -1, NULL},
	    {"", 6, 1000000, -1, NULL},
	    {"1e-3", 6, 1000000, -1, NULL},
	    {"99999999999999999999", 9, INT64_MAX, -1, NULL},
	};
	char buf[DECIMAL_BYTES];
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t value = -1;
		int r = text_decimal(slice_text(cases[i].text), cases[i].decimals, cases[i].most,
				     &value, &err);

		assert_int_equal(r, cases[i].value < 0 ? -1 : 0);
		assert_int_equal(value, cases[i].value);
		if (cases[i].again)
			assert_string_equal(decimal_text(value, cases[i].decimals, buf),
					    cases[i].again);
	}
	assert_string_equal(decimal_text(INT64_MIN, 9, buf), "-9223372036.854775808");
	assert_string_equal(decimal_text(-10, 1, buf), "-1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_int64),          cmocka_unit_test(test_durations),
	    cmocka_unit_test(test_duration_texts), cmocka_unit_test(test_money),
	    cmocka_unit_test(test_money_texts),    cmocka_unit_test(test_decimals),
	};

	return cmocka_run_group_tests_name("base_text_number", tests, NULL, NULL);
}
