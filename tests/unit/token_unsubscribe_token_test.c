/* Unsubscribe tokens: they open to what they were made of, and nothing else opens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/token/unsubscribe_token.h"

static const char key_text[] = "0123456789abcdef";
#define KEY slice_of(key_text, 16)
#define KEYS (&(struct token_keys){.now = KEY})

static void opens_to_what_it_was_made_of(void **state)
{
	static const char *const customers[] = {"c", "ca", "cat", "c00017", "M\xc3\xbcller/7?&",
						NULL};
	char token[UNSUBSCRIBE_TOKEN_BYTES], longest[201];
	struct unsubscribe found;
	struct err err;

	(void)state;
	for (int i = 0; customers[i]; i++) {
		assert_int_equal(unsubscribe_token_make(KEY, slice_text(customers[i]),
							slice_text("promotion"), slice_text(""),
							token, &err),
				 0);
		assert_int_equal(strspn(token, "v1.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrs"
					       "tuvwxyz0123456789-_"),
				 strlen(token));
		assert_int_equal(unsubscribe_token_open(KEYS, slice_text(token), &found, &err), 0);
		assert_string_equal(found.customer, customers[i]);
		assert_string_equal(found.message_class, "promotion");
	}
	memset(longest, 'x', 200);
	longest[200] = '\0';
	assert_int_equal(unsubscribe_token_make(KEY, slice_text(longest), slice_of(longest, 100),
						slice_text(""), token, &err),
			 0);
	assert_true(strlen(token) < UNSUBSCRIBE_TOKEN_BYTES);
	assert_int_equal(unsubscribe_token_open(KEYS, slice_text(token), &found, &err), 0);
	assert_string_equal(found.customer, longest);
}

static void names_the_inbox_where_it_is_known(void **state)
{
	char token[UNSUBSCRIBE_TOKEN_BYTES], longest[201];
	struct unsubscribe found;
	struct err err;

	(void)state;
	memset(longest, 'x', 200);
	longest[200] = '\0';
	assert_int_equal(unsubscribe_token_make(KEY, slice_text(longest), slice_of(longest, 100),
						slice_of(longest, 32), token, &err),
			 0);
	assert_true(strlen(token) < UNSUBSCRIBE_TOKEN_BYTES);
	assert_int_equal(unsubscribe_token_open(KEYS, slice_text(token), &found, &err), 0);
	assert_string_equal(found.customer, longest);
	assert_int_equal(strlen(found.message_class), 100);
	assert_int_equal(strlen(found.inbox), 32);
	assert_int_equal(unsubscribe_token_make(KEY, slice_text("c"), slice_text("care"),
						slice_of(longest, 33), token, &err),
			 -1);
	assert_int_equal(unsubscribe_token_make(KEY, slice_text("c"), slice_text("care"),
						slice_text("email:0123"), token, &err),
			 0);
	assert_int_equal(unsubscribe_token_open(KEYS, slice_text(token), &found, &err), 0);
	assert_string_equal(found.inbox, "email:0123");
	assert_string_equal(found.message_class, "care");
	token[1] = '1'; /* one kind does not pass for the other */
	assert_int_equal(unsubscribe_token_open(KEYS, slice_text(token), &found, &err), -1);
}

/* A link in somebody's inbox must open for ever. */
static void stays_the_same_for_ever(void **state)
{
	char token[UNSUBSCRIBE_TOKEN_BYTES];
	struct err err;

	(void)state;
	assert_int_equal(unsubscribe_token_make(KEY, slice_text("c00017"), slice_text("care"),
						slice_text(""), token, &err),
			 0);
	assert_string_equal(token, "v1.BmMwMDAxN2NhcmU.FEyfVdNAFj85WPuan0WiDw");
}

static void any_other_byte_closes_it(void **state)
{
	char token[UNSUBSCRIBE_TOKEN_BYTES], other[UNSUBSCRIBE_TOKEN_BYTES];
	struct unsubscribe found;
	struct err err;
	size_t len;

	(void)state;
	assert_int_equal(unsubscribe_token_make(KEY, slice_text("c00017"), slice_text("care"),
						slice_text(""), token, &err),
			 0);
	len = strlen(token);
	for (size_t i = 0; i < len; i++) {
		for (int byte = 0; byte < 256; byte++) {
			memcpy(other, token, len + 1);
			other[i] = (char)byte;
			if (other[i] != token[i])
				assert_int_equal(unsubscribe_token_open(KEYS, slice_of(other, len),
									&found, &err),
						 -1);
		}
		assert_int_equal(unsubscribe_token_open(KEYS, slice_of(token, i), &found, &err),
				 -1);
	}
	memcpy(other, token, len);
	other[len] = 'A';
	assert_int_equal(unsubscribe_token_open(KEYS, slice_of(other, len + 1), &found, &err), -1);
	assert_int_equal(
	    unsubscribe_token_open(&(struct token_keys){.now = slice_text("0123456789abcdeF")},
				   slice_text(token), &found, &err),
	    -1);
}

static void bad_input(void **state)
{
	char token[UNSUBSCRIBE_TOKEN_BYTES] = "untouched", longest[202] = "";
	struct err err;

	(void)state;
	memset(longest, 'x', 201);
	assert_int_equal(unsubscribe_token_make(slice_of(key_text, 15), slice_text("c"),
						slice_text("care"), slice_text(""), token, &err),
			 -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(unsubscribe_token_make(KEY, slice_text(""), slice_text("care"),
						slice_text(""), token, &err),
			 -1);
	assert_int_equal(unsubscribe_token_make(KEY, slice_text("c"), slice_text(""),
						slice_text(""), token, &err),
			 -1);
	assert_int_equal(unsubscribe_token_make(KEY, slice_text(longest), slice_text("care"),
						slice_text(""), token, &err),
			 -1);
	assert_string_equal(token, "untouched");
}

/* The same person, class and key: neither link is good for the other's page. */
static void each_link_has_one_purpose(void **state)
{
	char leave[UNSUBSCRIBE_TOKEN_BYTES], choose[UNSUBSCRIBE_TOKEN_BYTES];
	struct unsubscribe found;
	struct err err;

	(void)state;
	assert_int_equal(unsubscribe_token_make(KEY, slice_text("c00017"), slice_text("care"),
						slice_text(""), leave, &err),
			 0);
	assert_int_equal(preferences_token_make(KEY, slice_text("c00017"), slice_text("care"),
						slice_text(""), choose, &err),
			 0);
	assert_int_equal(preferences_token_open(KEYS, slice_text(choose), &found, &err), 0);
	assert_string_equal(found.customer, "c00017");
	assert_string_equal(found.message_class, "care");
	assert_int_equal(preferences_token_open(KEYS, slice_text(leave), &found, &err), -1);
	assert_string_equal(err.text, "preferences token: not one of ours");
	assert_int_equal(unsubscribe_token_open(KEYS, slice_text(choose), &found, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(opens_to_what_it_was_made_of),
	    cmocka_unit_test(names_the_inbox_where_it_is_known),
	    cmocka_unit_test(stays_the_same_for_ever),
	    cmocka_unit_test(any_other_byte_closes_it),
	    cmocka_unit_test(bad_input),
	    cmocka_unit_test(each_link_has_one_purpose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
