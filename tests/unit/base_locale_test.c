/*
 * Which language somebody is served in: tags as people write them, and RFC 4647's lookup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/locale.h"

static void tags(void **state)
{
	static const struct {
		const char *text, *wider;
		bool is_tag;
	} cases[] = {
	    {"de", "", true},
	    {"de-AT", "de", true},
	    {"de_AT", "de", true},
	    {"DE", "", true},
	    {"zh-Hant-TW", "zh-Hant", true},
	    {"gsw-CH", "gsw", true},
	    {"de-AT-1996", "de-AT", true},
	    {"zh-x-private", "zh", true}, /* "zh-x" says nothing */
	    {"en-a-bbb-x-ccc", "en-a-bbb", true},
	    {"", "", false},
	    {"d", "", false},
	    {"deutsch", "", false},
	    {"block", "", false},
	    {"de-", "", false},
	    {"-de", "", false},
	    {"de--AT", "", false},
	    {"de.AT", "", false},
	    {"de-toolongtag", "", false},
	    {"d3-AT", "", false},
	    {"de-AT-AT-AT-AT-AT-AT-AT-AT-AT-AT-AT-AT", "", false},
	    {"../etc/passwd", "", false},
	    {"*", "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice text = slice_text(cases[i].text), wider = locale_wider(text);

		if (locale_is_tag(text) != cases[i].is_tag)
			fail_msg("\"%s\" is %s tag", cases[i].text, cases[i].is_tag ? "a" : "no");
		if (!slice_equal(wider, slice_text(cases[i].wider)))
			fail_msg("\"%s\": wider is \"%.*s\", not \"%s\"", cases[i].text,
				 SLICE_ARGS(wider), cases[i].wider);
	}
}

static void the_same(void **state)
{
	(void)state;
	assert_true(locale_equal(slice_text("de-AT"), slice_text("DE_at")));
	assert_true(locale_equal(slice_text(""), slice_text("")));
	assert_false(locale_equal(slice_text("de"), slice_text("de-AT")));
	assert_false(locale_equal(slice_text("de-AT"), slice_text("de-CH")));
	assert_false(locale_equal(slice_text("de"), slice_text("en")));
}

/* Whatever the text, the way to "" is finite. */
static void always_ends(void **state)
{
	uint8_t bytes[LOCALE_MAX_BYTES];
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		struct slice text = slice_of(bytes, seed % (sizeof(bytes) + 1));
		int steps = 0;

		for (size_t k = 0; k < text.len; k++) {
			seed = seed * 1664525 + 1013904223;
			bytes[k] = (uint8_t) "abAB12--__x."[(seed >> 16) % 12];
		}
		seed = seed * 1664525 + 1013904223;
		while (text.len) {
			struct slice wider = locale_wider(text);

			assert_true(wider.len < text.len);
			assert_true(wider.len == 0 || locale_is_tag(wider));
			text = wider;
			assert_true(++steps < 20);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tags),
	    cmocka_unit_test(the_same),
	    cmocka_unit_test(always_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
