/*
 * The corpus of real bounces: how many of each kind are read for what they are,
 * and that nothing else is ever taken for the end of an address.  Skips where
 * the corpus is not there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <unistd.h>

#include "common/base/err.h"
#include "common/io/config/config.h"
#include "mail_corpus.h"

#define FOLDER "../shared/data/bounces"

/* At least so many are right: of the two thirds that the rules were written for, and of the
 * rest. */
enum { CORPUS_MAIL_MAX_BYTES = 1 << 20, RIGHT_MIN = 209, HELD_OUT_RIGHT_MIN = 101 };

struct score {
	int right[BOUNCE_COMPLAINT + 1], all[BOUNCE_COMPLAINT + 1];
};

static enum bounce_kind read_one(const char *name, struct arena *arena)
{
	char path[200], *bytes;
	struct bounce bounce;
	struct err err;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s.eml", FOLDER, name);
	assert_int_equal(file_read(path, CORPUS_MAIL_MAX_BYTES, &bytes, &len, &err), 0);
	bounce_read(slice_of(bytes, len), arena, &bounce);
	free(bytes);
	arena_reset(arena);
	return bounce.kind;
}

static void score_names(enum bounce_kind kind, const char *names, struct arena *arena,
			struct score *score)
{
	char list[8192], *save = NULL;

	snprintf(list, sizeof(list), "%s", names);
	for (char *name = strtok_r(list, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
		enum bounce_kind found = read_one(name, arena);

		score->all[kind]++;
		score->right[kind] += found == kind;
		if (found != kind)
			print_message("%-28s expected %-9s found %s\n", name,
				      bounce_kind_text(kind), bounce_kind_text(found));
		/* The one mistake that silences a person. */
		if (kind != BOUNCE_HARD)
			assert_int_not_equal(found, BOUNCE_HARD);
	}
}

static int print_score(const char *title, const struct score *score)
{
	int right = 0, all = 0;

	print_message("%s:", title);
	for (int kind = 0; kind <= BOUNCE_COMPLAINT; kind++) {
		print_message(" %s %d/%d", bounce_kind_text((enum bounce_kind)kind),
			      score->right[kind], score->all[kind]);
		right += score->right[kind];
		all += score->all[kind];
	}
	print_message("; all %d/%d\n", right, all);
	return right;
}

static void corpus_is_read(void **state)
{
	struct score seen = {0}, held_out = {0};
	struct arena arena = {0};

	(void)state;
	if (access(FOLDER, R_OK) != 0) {
		print_message("skipped: no corpus of bounces at %s\n", FOLDER);
		skip();
	}
	for (size_t i = 0; i < sizeof(corpus) / sizeof(*corpus); i++)
		score_names(corpus[i].kind, corpus[i].names, &arena,
			    corpus[i].is_held_out ? &held_out : &seen);
	arena_free(&arena);
	assert_true(print_score("rules written for", &seen) >= RIGHT_MIN);
	assert_true(print_score("held out", &held_out) >= HELD_OUT_RIGHT_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(corpus_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
