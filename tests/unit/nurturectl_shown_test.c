/* nurturectl_shown_test.c - what others wrote is harmless on a terminal, and hidden where it must be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/nurturectl/explain/shown.h"

static void expect(void (*put)(struct buf *, struct slice), struct slice text, const char *expected)
{
	struct buf out = BUF_MAX(4096);

	put(&out, text);
	assert_false(buf_failed(&out));
	assert_string_equal(out.bytes ? out.bytes : "", expected);
	buf_free(&out);
}

static void reasons_lose_what_they_quote(void **state)
{
	static const char *const cases[][2] = {
	    {"", ""},
	    {"$.id: expected an id", "$.id: expected an id"},
	    {"$.id: \"o-1\" was used before", "$.id: \"...\" was used before"},
	    /* An id with a quotation mark in it, and an address behind that. */
	    {"\"a\"ann@mail.example\" was used", "\"...\" was used"},
	    {"expected \"x\", found \"y\"", "expected \"...\""},
	    {"found \"cut off in the mid", "found \"...\""},
	    {"a \x1b[2J", "a ?[2J"},
	};
	char quotes[201];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		expect(put_reason, slice_text(cases[i][0]), cases[i][1]);
	memset(quotes, '"', 200);
	quotes[200] = '\0';
	expect(put_reason, slice_text(quotes), "\"...\"");
}

static void controls_are_not_shown(void **state)
{
	(void)state;
	expect(put_shown, slice_text("\u00fc, \u20ac and \t"), "\u00fc, \u20ac and ?");
	expect(put_shown, slice_text("a\x1b]0;x\x07\r\n\x7f"), "a?]0;x????");
	expect(put_shown,
	       slice_text("\xc2\x9b"
			  "31m"),
	       "?31m");
	expect(put_shown, slice_of("a\0b", 3), "(not text)");
	expect(put_shown, slice_text("\xff\xfe"), "(not text)");
	expect(put_shown, slice_text(""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reasons_lose_what_they_quote),
	    cmocka_unit_test(controls_are_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
