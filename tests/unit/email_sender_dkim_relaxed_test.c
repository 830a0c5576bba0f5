/* The relaxed forms: the examples of RFC 6376 3.4.5 and the edges around them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/email-sender/compose/dkim_relaxed.h"

static struct buf out = {.max_bytes = 4096};

static void bodies(void **state)
{
	static const struct {
		const char *body, *relaxed;
	} cases[] = {
	    {" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n"}, /* 3.4.5, example 1 */
	    {"", ""},
	    {"\r\n", ""},
	    {"\r\n\r\n\r\n", ""},
	    {" \t\r\n\t\r\n", ""},
	    {"   ", ""},
	    {"a", "a\r\n"},
	    {"a\r\n", "a\r\n"},
	    {"a \r\n", "a\r\n"},
	    {"a\t\r\nb", "a\r\nb\r\n"},
	    {"a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n"},
	    {"a\r\n \t \r\nb\r\n \r\n", "a\r\n\r\nb\r\n"},
	    {"\r\na\r\n", "\r\na\r\n"},
	    {"\ta\tb\r\n", " a b\r\n"},
	    {"  a  b  \r\n", " a b\r\n"},
	    {" a b\r\n", " a b\r\n"},
	    {"a \t \t b c\r\n", "a b c\r\n"},
	    {".\r\n..\r\n", ".\r\n..\r\n"},
	    {"a\nb\r\n", "a\nb\r\n"}, /* no line end of SMTP */
	    {"a\rb\r\n", "a\rb\r\n"},
	    {"a \r", "a \r\r\n"},
	    {"\n", "\n\r\n"},
	    {"a\r\r\n", "a\r\r\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&out);
		dkim_relaxed_body(slice_text(cases[i].body), &out);
		assert_string_equal(out.bytes ? out.bytes : "", cases[i].relaxed);
		assert_int_equal(out.len, strlen(cases[i].relaxed));
	}
}

/* Byte by byte, as 3.4.4 says it. */
static void relax_slowly(struct slice line, struct buf *ret)
{
	for (size_t i = 0; i < line.len; i++) {
		bool is_blank = line.bytes[i] == ' ' || line.bytes[i] == '\t';

		if (is_blank && i + 1 < line.len &&
		    (line.bytes[i + 1] == ' ' || line.bytes[i + 1] == '\t'))
			continue;
		if (!is_blank || i + 1 < line.len)
			buf_char(ret, is_blank ? ' ' : (char)line.bytes[i]);
	}
	if (ret->len)
		buf_text(ret, "\r\n");
}

/* Lines of every mixture of blanks and letters, longer than what is looked at in one go. */
static void any_blanks(void **state)
{
	static const uint8_t letters[] = {' ', '\t', 'a', 0xa0};
	struct buf expected = {.max_bytes = 4096};
	uint8_t line[24];

	(void)state;
	for (uint32_t number = 0; number < 200000; number++) {
		uint64_t random = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
		struct slice slice = slice_of(line, 1 + number % sizeof(line));

		random ^= random >> 29;
		for (size_t i = 0; i < slice.len; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			line[i] = letters[random >> 62];
			if (number % 3 && i % 4) /* blanks may also be rare */
				line[i] = 'b';
		}
		buf_reset(&out);
		buf_reset(&expected);
		dkim_relaxed_body(slice, &out);
		relax_slowly(slice, &expected);
		assert_int_equal(out.len, expected.len);
		if (out.len)
			assert_memory_equal(out.bytes, expected.bytes, out.len);
	}
	buf_free(&expected);
}

static void fields(void **state)
{
	static const struct {
		const char *field, *relaxed;
	} cases[] = {
	    {"A: X\r\n", "a:X"}, /* 3.4.5 */
	    {"B : Y\t\r\n\tZ  \r\n", "b:Y Z"},
	    {"Subject: one\r\n two\r\n\tthree\r\n", "subject:one two three"},
	    {"SUBJect:AbC\r\n", "subject:AbC"},
	    {"X:\r\n", "x:"},
	    {"X: \t\r\n", "x:"},
	    {"X:\r\n a\r\n", "x:a"},
	    {"X: a \t b", "x:a b"},
	    {"X:a:b : c\r\n", "x:a:b : c"},
	    {"X: a\r\n \r\n b\r\n", "x:a b"},
	    {"X \t : a\r\n", "x:a"},
	    {"h: From:\r\n To;\r\n b=", "h:From: To; b="},
	    {"no colon", "no colon"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&out);
		dkim_relaxed_field(slice_text(cases[i].field), &out);
		assert_string_equal(out.bytes ? out.bytes : "", cases[i].relaxed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bodies),
	    cmocka_unit_test(any_blanks),
	    cmocka_unit_test(fields),
	};
	int r = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&out);
	return r;
}
