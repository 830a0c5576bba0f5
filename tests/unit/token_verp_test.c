/* Return paths: they open to the send they were made of, in any case, and nothing else opens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <ctype.h>

#include "common/token/verp.h"

#define KEY slice_text("0123456789abcdef")
#define SEND "5d41402abc4b2a76b9719d911017c592"

static void made_and_opened(void **state)
{
	static const char *const sends[] = {SEND, "00000000000000000000000000000000",
					    "ffffffffffffffffffffffffffffffff", "send7",
					    "5D41402ABC4B2A76B9719D911017C592"};
	char local[VERP_LOCAL_BYTES], found[ID_TEXT_BYTES], said[ID_TEXT_BYTES];
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(sends) / sizeof(*sends); i++) {
		assert_int_equal(verp_make(KEY, slice_text(sends[i]), local, &err), 0);
		assert_int_equal(strlen(local), VERP_LOCAL_BYTES - 1);
		assert_true(strlen(local) <= 64);
		assert_int_equal(strspn(local + 7, "abcdefghijklmnopqrstuvwxyz234567"),
				 VERP_TOKEN_CHARS);
		assert_int_equal(verp_open(KEY, slice_text(local), found, &err), 0);
		verp_send(slice_text(sends[i]), said);
		assert_string_equal(found, said);
		if (i < 3)
			assert_string_equal(found, sends[i]);
		for (char *c = local; *c; c++)
			*c = (char)toupper(*c);
		assert_int_equal(verp_open(KEY, slice_text(local), found, &err), 0);
		assert_string_equal(found, said);
	}
}

/* Mails are under way for days: what was made yesterday must open tomorrow. */
static void stays_what_it_is(void **state)
{
	char local[VERP_LOCAL_BYTES];
	struct err err;

	(void)state;
	assert_int_equal(verp_make(KEY, slice_text(SEND), local, &err), 0);
	assert_string_equal(local, "bounce+lvauakv4jmvhnolrtwiraf6fsijgvznqcqnoeemcbq");
}

static void nothing_else_opens(void **state)
{
	char local[VERP_LOCAL_BYTES], other[VERP_LOCAL_BYTES + 1],
	    found[ID_TEXT_BYTES] = "untouched";
	struct err err;

	(void)state;
	assert_int_equal(verp_make(KEY, slice_text(SEND), local, &err), 0);
	for (size_t i = 0; i < VERP_LOCAL_BYTES - 1; i++) {
		for (int c = 0; c < 256; c++) {
			memcpy(other, local, sizeof(local));
			other[i] = (char)c;
			if (tolower(c) != local[i])
				assert_int_equal(verp_open(KEY,
							   slice_of(other, VERP_LOCAL_BYTES - 1),
							   found, &err),
						 -1);
		}
		assert_int_equal(verp_open(KEY, slice_of(local, i), found, &err), -1);
	}
	memcpy(other, local, sizeof(local));
	other[VERP_LOCAL_BYTES - 1] = 'a';
	assert_int_equal(verp_open(KEY, slice_of(other, VERP_LOCAL_BYTES), found, &err), -1);
	assert_string_equal(err.text, "return path: not one of ours");
	assert_int_equal(verp_open(slice_text("0123456789abcdeF"), slice_text(local), found, &err),
			 -1);
	assert_string_equal(found, "untouched");
}

static void needs_key_and_send(void **state)
{
	char local[VERP_LOCAL_BYTES], found[ID_TEXT_BYTES];
	struct err err;

	(void)state;
	assert_int_equal(verp_make(slice_of("0123456789abcde", 15), slice_text(SEND), local, &err),
			 -1);
	assert_string_equal(err.text, "return path: expected a key of at least 16 bytes");
	assert_int_equal(verp_make(KEY, slice_text(""), local, &err), -1);
	assert_int_equal(verp_open(slice_text(""), slice_text("bounce+"), found, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(made_and_opened),
	    cmocka_unit_test(stays_what_it_is),
	    cmocka_unit_test(nothing_else_opens),
	    cmocka_unit_test(needs_key_and_send),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
