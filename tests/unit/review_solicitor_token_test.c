/* review_solicitor_token_test.c - tokens come back whole, or not at all. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "services/review-solicitor/pages/token.h"

#define KEY slice_text("a key of 24 bytes, or so")
#define KEYS (&(struct token_keys){.now = KEY})

static char long_id[201];

static const struct sol_token tokens[] = {
    {"ann", "17", "rating"},           {"ann", "", "review"},
    {"kund:in/ü", "№ 1&2", "event"},   {"a", "b", ""},
    {long_id, long_id, "testimonial"},
};

static void test_there_and_back(void **state)
{
	(void)state;
	memset(long_id, 'x', sizeof(long_id) - 1);
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		struct arena arena = {0};
		const char *text = sol_token_make(&tokens[i], KEY, &arena);
		struct sol_token back;
		struct err err;

		/* It stands in a URL as it is. */
		assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					      "0123456789-_."),
				 strlen(text));
		assert_true(strlen(text) <= SOL_TOKEN_MAX_BYTES);
		assert_int_equal(sol_token_parse(slice_text(text), KEYS, &arena, &back, &err), 0);
		assert_string_equal(back.customer, tokens[i].customer);
		assert_string_equal(back.order, tokens[i].order);
		assert_string_equal(back.rung, tokens[i].rung);
		arena_free(&arena);
	}
}

static int parse(const char *text, size_t len, struct slice key)
{
	struct arena arena = {0};
	/* A copy without a NUL behind it, so that reading on is seen. */
	char *copy = malloc(len ? len : 1);
	struct sol_token token = {"untouched", NULL, NULL};
	struct err err;
	int r;

	memcpy(copy, text, len);
	r = sol_token_parse(slice_of(copy, len), &(struct token_keys){.now = key}, &arena, &token,
			    &err);
	if (r < 0)
		assert_string_equal(token.customer, "untouched");
	free(copy);
	arena_free(&arena);
	return r;
}

static void test_every_bit_counts(void **state)
{
	struct arena arena = {0};
	const char *text = sol_token_make(&tokens[0], KEY, &arena);
	size_t len = strlen(text);

	(void)state;
	assert_int_equal(parse(text, len, KEY), 0);
	assert_int_equal(parse(text, len, slice_text("a key of 24 bytes, or sO")), -1);
	for (size_t i = 0; i < len * 8; i++) {
		char *flipped = arena_text(&arena, text);

		flipped[i / 8] = (char)(flipped[i / 8] ^ 1 << i % 8);
		assert_int_equal(parse(flipped, len, KEY), -1);
	}
	for (size_t i = 0; i < len; i++)
		assert_int_equal(parse(text, i, KEY), -1);
	assert_int_equal(parse(arena_printf(&arena, "%sA", text), len + 1, KEY), -1);
	arena_free(&arena);
}

static void test_other_shapes(void **state)
{
	static const char *const texts[] = {
	    "",
	    "v1",
	    "v1.",
	    "v1..",
	    "..",
	    "v2.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
	    "v1.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
	    "v1.AAAA.AAAAAAAAAAAAAAAAAAAAAA.",
	    "v1.AAAA/AAAAAAAAAAAAAAAAAAAAAA",
	    "../../etc/passwd",
	    "%s%s%s%s%s%n",
	};
	char *huge = calloc(1, 100000);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse(texts[i], strlen(texts[i]), KEY), -1);
	assert_int_equal(parse(huge, 100000, KEY), -1);
	free(huge);
}

/* Signed by us, but not a token: control characters, no customer. */
static void test_signed_nonsense(void **state)
{
	static const struct sol_token nonsense[] = {
	    {"", "17", "rating"},  {"ann", "1\n7", "rating"},       {"ann", "17", "ra\x01ting"},
	    {"ann", "17", "\xff"}, {"an\xc0\x80n", "17", "rating"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		struct arena arena = {0};
		const char *text = sol_token_make(&nonsense[i], KEY, &arena);

		assert_int_equal(parse(text, strlen(text), KEY), -1);
		arena_free(&arena);
	}
}

/* Links already sent stay true when the key is changed, until it is dropped. */
static void test_keys_change(void **state)
{
	struct token_keys both = {
	    .now = slice_text("a newer key, of 24 bytes"), .before = {KEY}, .before_count = 1};
	struct arena arena = {0};
	const char *text = sol_token_make(&tokens[0], KEY, &arena);
	struct sol_token back;
	struct err err;

	(void)state;
	assert_int_equal(sol_token_parse(slice_text(text), &both, &arena, &back, &err), 0);
	assert_string_equal(back.customer, tokens[0].customer);
	both.before_count = 0;
	assert_int_equal(sol_token_parse(slice_text(text), &both, &arena, &back, &err), -1);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_every_bit_counts),
	    cmocka_unit_test(test_other_shapes),   cmocka_unit_test(test_signed_nonsense),
	    cmocka_unit_test(test_keys_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
