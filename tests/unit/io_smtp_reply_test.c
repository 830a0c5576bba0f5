/* Replies of mail servers: what is one, what may become one, what never will. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/io/smtp/smtp_reply.h"

static void replies(void **state)
{
	static const struct {
		const char *bytes;
		int used, code;
		const char *enhanced, *text;
	} cases[] = {
	    {"250 ok\r\n", 8, 250, "", "ok"},
	    {"250\r\n", 5, 250, "", ""},
	    {"250 \r\n", 6, 250, "", ""},
	    {"250 2.1.0 ok\r\n354 go\r\n", 14, 250, "2.1.0", "ok"},
	    {"250-a\r\n250-b\r\n250 c\r\n", 21, 250, "", "a b c"},
	    {"550-5.1.1 no such\r\n550 5.1.1 user\r\n", 35, 550, "5.1.1", "no such user"},
	    {"550 4.1.1 of another class\r\n", 28, 550, "", "4.1.1 of another class"},
	    {"550 5.1.1\r\n", 11, 550, "5.1.1", ""},
	    {"550 5.1.1000 x\r\n", 16, 550, "", "5.1.1000 x"},
	    {"550 5.7.26 x\r\n", 14, 550, "5.7.26", "x"},
	    {"550 5..1 x\r\n", 12, 550, "", "5..1 x"},
	    {"250 \x1b[31mred\x07\xff\r\n", 16, 250, "", "?[31mred??"},
	    {"", 0, -1, "", ""},
	    {"2", 0, -1, "", ""},
	    {"250 ok\r", 0, -1, "", ""},
	    {"250-ok\r\n", 0, -1, "", ""},
	    {"250 ok\n", -1, -1, "", ""},
	    {"250 o\rk\r\n", -1, -1, "", ""},
	    {"250ok\r\n", -1, -1, "", ""},
	    {"25 ok\r\n", -1, -1, "", ""},
	    {"150 ok\r\n", -1, -1, "", ""},
	    {"650 ok\r\n", -1, -1, "", ""},
	    {"260 ok\r\n", -1, -1, "", ""},
	    {"250-ok\r\n251 ok\r\n", -1, -1, "", ""},
	    {"250-ok\r\nok\r\n", -1, -1, "", ""},
	    {"\r\n", -1, -1, "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct smtp_answer found = {.code = -1, .stage = SMTP_DOT};
		size_t len = strlen(cases[i].bytes);
		char *bytes = malloc(len + 1); /* exact: reads beyond it are seen */

		memcpy(bytes, cases[i].bytes, len);
		assert_int_equal(smtp_reply_parse(bytes, len, &found), cases[i].used);
		assert_int_equal(found.code, cases[i].code);
		assert_string_equal(found.enhanced, cases[i].enhanced);
		assert_string_equal(found.text, cases[i].text);
		assert_int_equal(found.stage, SMTP_DOT); /* not its business */
		free(bytes);
	}
}

static void limits(void **state)
{
	static char bytes[SMTP_REPLY_MAX_BYTES + 2000];
	struct smtp_answer found = {0};
	size_t len = 0;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	memcpy(bytes, "250 ", 4);
	assert_int_equal(smtp_reply_parse(bytes, 1000, &found), 0);
	assert_int_equal(smtp_reply_parse(bytes, 1001, &found), -1);
	memcpy(bytes + 998, "\r\n", 2);
	assert_int_equal(smtp_reply_parse(bytes, 1000, &found), 1000);
	assert_int_equal(strlen(found.text), SMTP_TEXT_BYTES - 1);
	for (int i = 0; i < SMTP_REPLY_LINES_MAX; i++)
		len += (size_t)sprintf(bytes + len, "250-%d\r\n", i);
	assert_int_equal(smtp_reply_parse(bytes, len, &found), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(replies), cmocka_unit_test(limits)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
