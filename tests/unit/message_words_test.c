/* message_words_test.c - the numbers that states hold instead of texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/message/known_words.h"
#include "common/message/words.h"

static struct arena arena;

static const struct {
	uint32_t number;
	const char *text;
} known[] = {
#define X(n, t) {n, t},
    KNOWN_WORDS(X)
#undef X
};
enum { KNOWN = sizeof(known) / sizeof(known[0]) };

static void known_words_can_be_searched(void **state)
{
	bool is_taken[KNOWN_WORD_LAST + 1] = {0};

	(void)state;
	for (size_t i = 0; i < KNOWN; i++) {
		assert_in_range(known[i].number, 1, KNOWN_WORD_LAST);
		assert_false(is_taken[known[i].number]);
		is_taken[known[i].number] = true;
		assert_true(i == 0 || strcmp(known[i - 1].text, known[i].text) < 0);
	}
}

/* States of running shops hold them: these lines may grow, and never change. */
static void known_words_keep_their_numbers(void **state)
{
	struct words words = words_of(NULL, 0, &arena);

	(void)state;
	assert_string_equal(words_text(&words, 0), "");
	assert_string_equal(words_text(&words, 1), "all");
	assert_string_equal(words_text(&words, 7), "email");
	assert_string_equal(words_text(&words, 26), "order.id");
	assert_string_equal(words_text(&words, 34), "promotion");
	assert_string_equal(words_text(&words, 54), "years");
	assert_null(words_text(&words, KNOWN_WORD_LAST));
}

static void every_text_has_one_number(void **state)
{
	struct words words = words_of(NULL, 0, &arena);
	char text[16];

	(void)state;
	for (size_t i = 0; i < KNOWN; i++)
		assert_int_equal(words_number(&words, known[i].text), known[i].number);
	assert_int_equal(words_number(&words, ""), 0);
	assert_int_equal(words.count, 0);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 100; i++) {
			snprintf(text, sizeof(text), "own %u", i);
			assert_int_equal(words_number(&words, arena_text(&arena, text)),
					 KNOWN_WORD_LAST + 1 + i);
			assert_string_equal(words_text(&words, KNOWN_WORD_LAST + 1 + i), text);
		}
	assert_int_equal(words.count, 100);
	assert_null(words_text(&words, KNOWN_WORD_LAST + 101));
	assert_null(words_text(&words, UINT64_MAX));
}

static void ids_are_bytes_and_back(void **state)
{
	static const char *const others[] = {"",
					     "x",
					     "0123456789abcdef0123456789abcde",
					     "0123456789abcdef0123456789abcdefa",
					     "0123456789abcdef0123456789abcdeF",
					     "0123456789abcdef0123456789abcde "};
	static const char id[] = "00ff10a9b8c7d6e5f4031221304f5e6d";
	uint8_t bytes[WORDS_ID_BYTES];

	(void)state;
	assert_true(words_id_bytes(id, bytes));
	assert_int_equal(bytes[1], 0xff);
	assert_string_equal(words_id_text(bytes, &arena), id);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(words_id_bytes(others[i], bytes));
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_words_can_be_searched),
	    cmocka_unit_test(known_words_keep_their_numbers),
	    cmocka_unit_test(every_text_has_one_number),
	    cmocka_unit_test(ids_are_bytes_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, tear_down);
}
