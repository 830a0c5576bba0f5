/* Times, amounts, encodings, countries and inboxes as exports write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/country.h"
#include "common/base/country_name.h"
#include "common/mail/inbox.h"
#include "services/nurturectl/exports/amount.h"
#include "common/codec/text_encoding.h"
#include "services/nurturectl/exports/time_text.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static void times(void **state)
{
	static const struct {
		const char *formats, *text, *utc; /* utc NULL: no time */
	} cases[] = {
	    {NULL, "2024-01-01 11:13:13 -0500", "2024-01-01T16:13:13Z"},
	    {NULL, "2024-01-01T11:13:13+02", "2024-01-01T09:13:13Z"},
	    {NULL, "2024-01-01 11:13", "2024-01-01T11:13:00Z"},
	    {NULL, "2024-01-01 11:13:13 UTC", "2024-01-01T11:13:13Z"},
	    {NULL, "2024-01-01 11:13:13,250", "2024-01-01T11:13:13.250Z"},
	    {NULL, "2024-01-01", "2024-01-01T00:00:00Z"},
	    {NULL, "2024-02-30", NULL},
	    {NULL, "2024-1-1", NULL},
	    {NULL, "2024-01-01 25:00", NULL},
	    {NULL, "2024-01-01 11:13 CET", NULL},
	    {NULL, "2024-01-01 11:13:13 -05000", NULL},
	    {NULL, "", NULL},
	    {"%m/%d/%Y", "11/8/2017", "2017-11-08T00:00:00Z"},
	    {"%m/%d/%Y", "13/8/2017", NULL},
	    {"%m/%d/%Y", "11/8/2017 ", NULL},
	    {"%d.%m.%y", "01.02.03", "2003-02-01T00:00:00Z"},
	    {"%d.%m.%y", "01.02.70", "1970-02-01T00:00:00Z"},
	    {"%b %d, %Y %I:%M:%S %p", "Feb 3, 2024 9:32:11 AM", "2024-02-03T09:32:11Z"},
	    {"%b %d, %Y %I:%M:%S %p", "Feb 3, 2024 12:32:11\u202fAM", "2024-02-03T00:32:11Z"},
	    {"%b %d, %Y %I:%M:%S %p", "feb 3, 2024 12:00:00pm", "2024-02-03T12:00:00Z"},
	    {"%b %d, %Y %I:%M:%S %p", "Feb 3, 2024 0:32:11 AM", NULL},
	    {"%B %e %Y", "December  1 2024", "2024-12-01T00:00:00Z"},
	    {"%d.%m.%Y %H:%M|%d.%m.%Y", "1.3.2024", "2024-03-01T00:00:00Z"},
	    {"%Y-%m-%dT%H:%M:%S%z", "2024-03-01T01:00:00+0100", "2024-03-01T00:00:00Z"},
	    {"%Y%m%d", "20240301", "2024-03-01T00:00:00Z"},
	};
	char utc[RFC3339_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct slice text = slice_text(cases[i].text);
		struct time_text time;
		bool read = cases[i].formats ? time_text_by(cases[i].formats, text, &time)
					     : time_text_iso(text, &time);

		if (read != (cases[i].utc != NULL))
			fail_msg("\"%s\" was %sread", cases[i].text, read ? "" : "not ");
		if (read)
			assert_string_equal(rfc3339_text(civil_days(time.date) * DAY_MS +
							     time.of_day_ms - time.offset_ms,
							 utc),
					    cases[i].utc);
	}
}

static void formats(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(time_text_check("%d.%m.%Y %H:%M|%Y-%m-%d", &err), 0);
	assert_int_equal(time_text_check("%d.%m.%Y|%Q", &err), -1);
	assert_int_equal(time_text_check("%d.%m", &err), -1);
	assert_int_equal(time_text_check("%I %d.%m.%Y", &err), -1);
	assert_int_equal(time_text_check("%d.%m.%Y%", &err), -1);
	assert_int_equal(time_text_check("", &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
}

static void amounts(void **state)
{
	static const struct {
		const char *text;
		char decimal;
		const char *read; /* NULL: refused; with a - when negative */
		const char *currency;
	} cases[] = {
	    {"12.50", 0, "12.50", ""},
	    {"1,026.20", 0, "1026.20", ""},
	    {"1.026,20", 0, "1026.20", ""},
	    {"12,5", 0, "12.5", ""},
	    {"1,026", 0, NULL, ""},
	    {"1,026", ',', "1.026", ""},
	    {"1,026", '.', "1026", ""},
	    {"1.026", ',', "1026", ""},
	    {"1,026,200", 0, "1026200", ""},
	    {"1,00,000.50", 0, "100000.50", ""},
	    {"1,2,3.4", 0, NULL, ""},
	    {"1.2.3", ',', NULL, ""},
	    {"1'026.20", 0, "1026.20", ""},
	    {"1 026,20", 0, "1026.20", ""},
	    {"1\u202f026,20\u00a0\u20ac", 0, "1026.20", "\u20ac"},
	    {"$39.39", 0, "39.39", "$"},
	    {"-$39.39", 0, "-39.39", "$"},
	    {"$-39.39", 0, "-39.39", "$"},
	    {"($39.39)", 0, "-39.39", "$"},
	    {"39.39 USD", 0, "39.39", "USD"},
	    {"CHF 39.39", 0, "39.39", "CHF"},
	    {"12 kr", 0, "12", "kr"},
	    {"--1", 0, NULL, ""},
	    {"1e3", 0, NULL, ""},
	    {"12.", 0, NULL, ""},
	    {".50", 0, NULL, ""},
	    {"", 0, NULL, ""},
	    {"$", 0, NULL, ""},
	    {"11111111111111111111111111111111111111", 0, NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *expected = cases[i].read;
		struct amount amount;
		bool read = !amount_read(slice_text(cases[i].text), cases[i].decimal, &amount);

		if (read != (expected != NULL))
			fail_msg("\"%s\" was %sread", cases[i].text, read ? "" : "not ");
		if (!read)
			continue;
		assert_int_equal(amount.is_negative, expected[0] == '-');
		assert_string_equal(amount.text, expected + amount.is_negative);
		assert_true(slice_is(amount.currency, cases[i].currency));
	}
}

static void signs(void **state)
{
	char code[4];

	(void)state;
	assert_true(amount_sign_fits(slice_text("$"), slice_text("CAD")));
	assert_false(amount_sign_fits(slice_text("$"), slice_text("GBP")));
	assert_false(amount_sign_fits(slice_text("USD"), slice_text("CAD")));
	assert_true(amount_sign_fits(slice_text(""), slice_text("CAD")));
	assert_null(amount_sign_currency(slice_text("$"), code));
	assert_string_equal(amount_sign_currency(slice_text("\u20ac"), code), "EUR");
	assert_string_equal(amount_sign_currency(slice_text("CHF"), code), "CHF");
}

static void encodings(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum text_encoding encoding;
		const char *text; /* NULL: broken */
	} cases[] = {
	    {"plain", 5, TEXT_UTF_8, "plain"},
	    {"z\u00f6e", 4, TEXT_UTF_8, "z\u00f6e"},
	    {"z\xf6"
	     "e\x80",
	     4, TEXT_WINDOWS_1252, "z\u00f6e\u20ac"},
	    {"\xff\xfez\0\xf6\0", 6, TEXT_UTF_16_LE, "z\u00f6"},
	    {"\xfe\xff\0z\0\xf6", 6, TEXT_UTF_16_BE, "z\u00f6"},
	    {"a\0b\0", 4, TEXT_UTF_16_LE, "ab"},
	    {"\0a\0b", 4, TEXT_UTF_16_BE, "ab"},
	    {"\xff\xfe\x3d\xd8\x00\xde", 6, TEXT_UTF_16_LE, "\U0001f600"},
	    {"\xff\xfe\x3d\xd8", 4, TEXT_UTF_16_LE, NULL},
	    {"\xff\xfe\x00\xde", 4, TEXT_UTF_16_LE, NULL},
	    {"\xff\xfe\x41", 3, TEXT_UTF_16_LE, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct slice bytes = slice_of(cases[i].bytes, cases[i].len);
		char *text;
		size_t len;
		struct err err;
		int r;

		assert_int_equal(text_encoding_guess(bytes), cases[i].encoding);
		r = text_encoding_convert(bytes, cases[i].encoding, &text, &len, &err);
		assert_int_equal(r, cases[i].text ? 0 : -1);
		if (r < 0)
			continue;
		assert_string_equal(text, cases[i].text);
		assert_int_equal(len, strlen(text));
		free(text);
	}
}

static void countries(void **state)
{
	static const char *const names[][2] = {
	    {"United Kingdom", "GB"}, {"EIRE", "IE"},
	    {"united states", "US"},  {"RSA", "ZA"},
	    {"Deutschland", "DE"},    {"Hong Kong", "HK"},
	    {"Österreich", "AT"},     {"Czech Republic", "CZ"},
	    {"Kosovo", "XK"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *code = country_for_name(slice_text(names[i][0]));

		assert_non_null(code);
		assert_string_equal(code, names[i][1]);
		assert_true(country_is_known(slice_text(code)));
	}
	assert_null(country_for_name(slice_text("Channel Islands")));
	assert_null(country_for_name(slice_text("")));
}

static void inboxes(void **state)
{
	char one[INBOX_KEY_BYTES], other[INBOX_KEY_BYTES];

	(void)state;
	assert_true(inbox_key(slice_text("ann@mail.example"), one));
	/* printf ann@mail.example | sha256sum */
	assert_string_equal(one, "email:e153509271c7c6a06a11");
	assert_true(inbox_key(slice_text(" Ann@MAIL.example "), other));
	assert_string_equal(one, other);
	assert_false(inbox_key(slice_text("ann"), other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(times),   cmocka_unit_test(formats),   cmocka_unit_test(amounts),
	    cmocka_unit_test(signs),   cmocka_unit_test(encodings), cmocka_unit_test(countries),
	    cmocka_unit_test(inboxes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
