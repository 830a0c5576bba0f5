/* Which texts are readable, are addresses, are ids; what is shown of a bad one; near words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/text.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define A10 "aaaaaaaaaa"
#define A60 A10 A10 A10 A10 A10 A10

static void test_utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		bool good;
	} cases[] = {
	    {"", 0, true},
	    {"plain", 5, true},
	    {"a\0b", 3, false},
	    {"\xc3\xa9", 2, true},
	    {"\xe2\x82\xac", 3, true},
	    {"\xf0\x9f\x98\x80", 4, true},
	    {"\xf4\x8f\xbf\xbf", 4, true},  /* U+10FFFF */
	    {"\xf4\x90\x80\x80", 4, false}, /* above it */
	    {"\xed\x9f\xbf", 3, true},
	    {"\xed\xa0\x80", 3, false}, /* surrogate */
	    {"\xee\x80\x80", 3, true},
	    {"\xc0\xaf", 2, false}, /* overlong */
	    {"\xc1\xbf", 2, false},
	    {"\xe0\x9f\xbf", 3, false},
	    {"\xe0\xa0\x80", 3, true},
	    {"\xf0\x8f\xbf\xbf", 4, false},
	    {"\xf5\x80\x80\x80", 4, false},
	    {"\x80", 1, false},
	    {"\xc3", 1, false}, /* cut */
	    {"\xe2\x82", 2, false},
	    {"\xf0\x9f\x98", 3, false},
	    {"\xc3(", 2, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(text_is_utf8(slice_of(cases[i].bytes, cases[i].len)),
				 cases[i].good);
}

static void test_printable_and_id(void **state)
{
	char longest[202];

	(void)state;
	memset(longest, 'i', sizeof(longest));
	assert_true(text_is_printable(slice_text("caf\xc3\xa9 ~")));
	assert_false(text_is_printable(slice_text("a\tb")));
	assert_false(text_is_printable(slice_text("a\x7f")));
	assert_false(text_is_printable(slice_of("a\0", 2)));
	assert_true(text_is_id(slice_text("C-17/x y")));
	assert_true(text_is_id(slice_of(longest, 200)));
	assert_false(text_is_id(slice_of(longest, 201)));
	assert_false(text_is_id(slice_of(NULL, 0)));
	assert_false(text_is_id(slice_text("a\nb")));
	assert_false(text_is_id(slice_text("\xff")));
}

/* Texts are looked at eight bytes at a time: one odd byte counts wherever it stands. */
static void test_every_byte_at_every_place(void **state)
{
	enum { LONGEST = 20 };
	char text[LONGEST];

	(void)state;
	for (size_t len = 1; len <= LONGEST; len++) {
		for (size_t place = 0; place < len * 256; place++) {
			struct slice slice = slice_of(text, len);
			unsigned byte = place % 256;
			bool printable = byte >= 0x20 && byte != 0x7f;
			bool utf8 = byte > 0 && byte < 0x80;

			memset(text, 'a', len);
			text[place / 256] = (char)byte;
			assert_int_equal(text_is_printable(slice), printable);
			assert_int_equal(text_is_utf8(slice), utf8);
			assert_int_equal(text_is_id(slice), printable && utf8);
		}
	}
}

static const struct {
	const char *text;
	bool good;
} addresses[] = {
    {"ann@shop.example", true},
    {"a.b+tag_x=y@sub-1.shop.example", true},
    {"o'neil!#$%&*/?^`{|}~-@x.org", true},
    {"ann@localhost", true},
    {"j\xc3\xbcrgen@m\xc3\xbcnchen.example", true},
    {A60 "aaaa@x.org", true},   /* 64 */
    {A60 "aaaaa@x.org", false}, /* 65 */
    {"a@" A60 "aaa.org", true}, /* a label of 63 */
    {"a@" A60 "aaaa.org", false},
    {"ann@1and1.example", true},
    {"", false},
    {"@", false},
    {"ann", false},
    {"ann@", false},
    {"@x.org", false},
    {"a@b@c.org", false},
    {".ann@x.org", false},
    {"ann.@x.org", false},
    {"a..b@x.org", false},
    {"an n@x.org", false},
    {"ann@x .org", false},
    {" ann@x.org", false},
    {"ann@x.org ", false},
    {"ann@x.org.", false},
    {"ann@.x.org", false},
    {"ann@x..org", false},
    {"ann@-x.org", false},
    {"ann@x-.org", false},
    {"ann@x_y.org", false},
    {"\"ann\"@x.org", false},
    {"<ann@x.org>", false},
    {"ann@x.org>\r\nRCPT TO:<all@x.org", false},
    {"ann\r\n@x.org", false},
    {"a,b@x.org", false},
    {"ann(x)@x.org", false},
    {"ann@[127.0.0.1]", false},
    {"ann@127.0.0.1", false},
    {"ann@x.7", false},
    {"an\xff@x.org", false},
    {"ann\xc2\xa0@x.org", false},     /* no-break space */
    {"ann\xe2\x80\xae@x.org", false}, /* right-to-left override */
    {"ann@x\xe2\x80\x8b.org", false}, /* zero width space */
    {"ann\xc2\x85@x.org", false},     /* next line */
    {"ann\x7f@x.org", false},
};

static void test_email(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(addresses); i++)
		if (text_is_email(slice_text(addresses[i].text)) != addresses[i].good)
			fail_msg("\"%s\" should be %s", addresses[i].text,
				 addresses[i].good ? "good" : "bad");
}

static void test_email_length(void **state)
{
	char text[300] = A60 "@";
	size_t len = strlen(text);

	(void)state;
	while (len < 254) {
		text[len] = len % 50 == 49 && len < 253 ? '.' : 'a';
		len++;
	}
	assert_true(text_is_email(slice_of(text, 254)));
	text[254] = 'a';
	assert_false(text_is_email(slice_of(text, 255)));
	assert_false(text_is_email(slice_of("a\0b@x.org", 9)));
}

static void test_shown(void **state)
{
	char buf[TEXT_SHOWN_BYTES], longer[200];

	(void)state;
	assert_string_equal(text_shown(slice_of(NULL, 0), buf), "");
	assert_string_equal(text_shown(slice_text("caf\xc3\xa9"), buf), "caf\xc3\xa9");
	assert_string_equal(text_shown(slice_of("a\0\n\xff"
						"b",
						5),
				       buf),
			    "a???b");
	for (size_t len = 0; len < sizeof(longer); len++) {
		for (size_t i = 0; i < len; i++)
			longer[i] = "\xe2\x82\xac"[i % 3];
		text_shown(slice_of(longer, len), buf);
		assert_true(strlen(buf) < TEXT_SHOWN_BYTES);
		assert_true(text_is_utf8(slice_text(buf)));
		assert_true(len <= 64 || strcmp(buf + strlen(buf) - 3, "...") == 0);
	}
}

static void test_nearest(void **state)
{
	static const char *const words[] = {"limit", "min_gap", "per", "classes", "programme"};
	static const struct {
		const char *word, *nearest;
	} cases[] = {
	    {"limit", "limit"},
	    {"limits", "limit"},
	    {"mingap", "min_gap"},
	    {"program", "programme"},
	    {"clases", "classes"},
	    {"pre", "per"},
	    {"xyz", NULL},
	    {"completely", NULL},
	    {"", NULL},
	    {"p", NULL},
	    {"programms", "programme"},
	};
	char longer[65];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *found = text_nearest(slice_text(cases[i].word), words, COUNT_OF(words));

		if (cases[i].nearest)
			assert_string_equal(found, cases[i].nearest);
		else
			assert_null(found);
	}
	memset(longer, 'x', sizeof(longer));
	assert_null(text_nearest(slice_of(longer, sizeof(longer)), words, COUNT_OF(words)));
	assert_null(text_nearest(slice_text("limit"), NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_utf8),
	    cmocka_unit_test(test_printable_and_id),
	    cmocka_unit_test(test_every_byte_at_every_place),
	    cmocka_unit_test(test_email),
	    cmocka_unit_test(test_email_length),
	    cmocka_unit_test(test_shown),
	    cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests_name("base_text", tests, NULL, NULL);
}
