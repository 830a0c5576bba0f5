/* Return tokens: they open to what they were made of, fit where they must, and nothing else
 * opens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <ctype.h>

#include "common/token/return_token.h"

#define KEY slice_text("0123456789abcdef")
#define OLD_KEY slice_text("fedcba9876543210")
#define SEND "5d41402abc4b2a76b9719d911017c592"

static const struct token_keys keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}};

static const struct {
	const char *customer;
	size_t send_digits; /* that the return path has */
	bool path_has_customer;
} cases[] = {
    {"ann", 32, true},
    {"1", 32, true},
    {"6940095564123", 32, true},
    {"999999999999999999", 32, true},
    {"007", 32, true}, /* not a number: the zeros are part of it */
    {"c00001", 32, true},
    {"deadbeef", 32, true},
    {"5f1c9a4e0b7d4c2a", 32, true},
    {"customer-00017", 16, true},
    {"sixteen-bytes-16", 16, true},
    {"seventeen-bytes17", 32, false},
    {"5f1c9a4e0b7d4c2a9d3e6f70", 16, true},
    {"123e4567-e89b-12d3-a456-426614174000", 16, true},
    {"123E4567-E89B-12D3-A456-426614174000", 32, false},
    {"gid://shopify/Customer/6940095564123", 32, false},
    {"ann@customers.example", 32, false},
    {"\xc3\xa9lise", 32, true},
};

static void made_and_opened(void **state)
{
	struct return_token found;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice customer = slice_text(cases[i].customer);
		char local[RETURN_LOCAL_BYTES], token[RETURN_TOKEN_BYTES];

		assert_int_equal(return_local_make(KEY, slice_text(SEND), customer, local, &err),
				 0);
		assert_true(strlen(local) <= 64);
		for (char *c = local; *c; c++)
			*c = (char)toupper(*c);
		assert_true(return_token_open(&keys, slice_text(local), &found));
		assert_string_equal(found.customer,
				    cases[i].path_has_customer ? cases[i].customer : "");
		assert_int_equal(strlen(found.send), cases[i].send_digits);
		assert_memory_equal(found.send, SEND, cases[i].send_digits);

		assert_int_equal(return_token_make(KEY, slice_text(SEND), customer, token, &err),
				 0);
		assert_true(return_token_open(&keys, slice_text(token), &found));
		assert_string_equal(found.customer, cases[i].customer);
		assert_string_equal(found.send, SEND);
	}
}

/* One bit, one character less, one more, another key: not ours. */
static void nothing_else_opens(void **state)
{
	static const struct token_keys others = {.now = {(const uint8_t *)"0123456789abcdeF", 16}},
				       none = {0};
	char local[RETURN_LOCAL_BYTES + 1], kept;
	struct return_token found;
	struct err err;

	(void)state;
	assert_int_equal(return_local_make(KEY, slice_text(SEND), slice_text("ann"), local, &err),
			 0);
	for (size_t i = 7; local[i]; i++) {
		kept = local[i];
		for (const char *c = "abcdefghijklmnopqrstuvwxyz234567+=018 "; *c; c++) {
			local[i] = *c;
			assert_int_equal(return_token_open(&keys, slice_text(local), &found),
					 *c == kept);
		}
		local[i] = kept;
		assert_false(return_token_open(&keys, slice_of(local, i), &found));
	}
	assert_false(return_token_open(&others, slice_text(local), &found));
	assert_false(return_token_open(&none, slice_text(local), &found));
	strcat(local, "a");
	assert_false(return_token_open(&keys, slice_text(local), &found));
	assert_false(return_token_open(&keys, slice_text(""), &found));
	assert_false(return_token_open(&keys, slice_text("bounce+"), &found));
}

/* A key is changed: mails of yesterday come back too, until the old key is dropped. */
static void keys_change(void **state)
{
	struct token_keys both = {.now = OLD_KEY, .before = {KEY}, .before_count = 1},
			  later = {.now = OLD_KEY};
	char local[RETURN_LOCAL_BYTES], path[VERP_LOCAL_BYTES];
	struct return_token found;
	struct err err;

	(void)state;
	assert_int_equal(return_local_make(KEY, slice_text(SEND), slice_text("ann"), local, &err),
			 0);
	assert_int_equal(verp_make(KEY, slice_text(SEND), path, &err), 0);
	assert_true(return_token_open(&both, slice_text(local), &found));
	assert_true(return_token_open(&both, slice_text(path), &found));
	assert_string_equal(found.customer, "");
	assert_false(return_token_open(&later, slice_text(local), &found));
	assert_false(return_token_open(&later, slice_text(path), &found));
}

static void refused(void **state)
{
	char local[RETURN_LOCAL_BYTES], token[RETURN_TOKEN_BYTES], longest[202];
	struct return_token found;
	struct err err;

	(void)state;
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(
	    return_local_make(slice_text("short"), slice_text(SEND), slice_text("a"), local, &err),
	    -1);
	assert_int_equal(return_local_make(KEY, slice_text(""), slice_text("a"), local, &err), -1);
	assert_int_equal(return_local_make(KEY, slice_text(SEND), slice_text(""), local, &err), -1);
	assert_int_equal(
	    return_token_make(KEY, slice_text(SEND), slice_of(longest, 201), token, &err), -1);
	assert_int_equal(
	    return_token_make(KEY, slice_text(SEND), slice_of(longest, 200), token, &err), 0);
	assert_int_equal(strlen(token), RETURN_TOKEN_BYTES - 1);
	assert_true(return_token_open(&keys, slice_text(token), &found));
	assert_int_equal(strlen(found.customer), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(made_and_opened),
	    cmocka_unit_test(nothing_else_opens),
	    cmocka_unit_test(keys_change),
	    cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
