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
	    cmocka_unit_test(fields),
	};
	int r = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&out);
	return r;
}
