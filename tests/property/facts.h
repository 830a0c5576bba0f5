/*
 * facts.h - what became of a case, in a form in which two opinions compare.
 */
#ifndef NURTURE_TESTS_FACTS_H
#define NURTURE_TESTS_FACTS_H

#include "case.h"
#include "common/message/outcome.h"

enum { FACTS_MAX = 4096, RULE_BYTES = 24 };

/* A mail that is handed on is no outcome yet. */
#define STATUS_DISPATCHED STATUS_COUNT
/* Nor is a task that somebody was given and that has lost its reason. */
#define STATUS_TAKEN_BACK (STATUS_COUNT + 1)

struct fact {
	int64_t at_ms;
	int request; /* number */
	int status;  /* enum status, or one of the two above */
	int host;    /* in whose mail it went, or NOBODY */
	int won_by;  /* LOOK_AHEAD: for whom it waits; NOBODY */
	char rule[RULE_BYTES];
	int64_t count, limit, window_s, eligible_ms; /* 0: not said, never */
};

struct facts {
	struct fact list[FACTS_MAX];
	unsigned count;
	char trouble[200]; /* "" or what nobody can compare */
};

/* The next free one; the caller fills it. */
struct fact *facts_add(struct facts *facts);
/* By time, request and status: what comes first inside an instant means nothing. */
void facts_sort(struct facts *facts);
void facts_print(const struct test_case *c, const struct fact *fact, FILE *out);
/* The first difference in words, or false. Both must be sorted. */
bool facts_differ(const struct test_case *c, const struct facts *expected,
		  const struct facts *found, char *why, size_t why_bytes);

/* What docs/arbiter.md says. */
void reference_run(const struct test_case *c, struct facts *ret);
/* What the scheduler does. */
void service_run(const struct test_case *c, struct facts *ret);

/* Drops what is not needed for the difference. */
void case_shrink(struct test_case *c);
/* Plays both; true when they differ, and how. */
bool case_fails(const struct test_case *c, char *why, size_t why_bytes);

#endif
