/*
 * arbiter_test.c - random policies and histories: does the arbiter do what its
 * page says?
 *
 *	arbiter_test [CASES [FIRST_SEED [as-is]]]     as-is: a difference is not made smaller
 *
 * docs/arbiter.md, written down a second time as plainly as it reads
 * (reference.h), and sched_step() get the same case; whatever they tell of it
 * must be the same.  Each case is played again with the things of each instant
 * in another order.  A difference is made as small as it goes and printed with
 * its seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "facts.h"

enum { WHY_BYTES = 1024 };

static unsigned long cases = 6000;
static uint64_t first_seed = 1;
static bool as_is;
static struct zones *zones;
static struct facts expected, found;
static unsigned long seen[STATUS_COUNT + 2], parts, rules_held, nights, windows, ahead;

bool case_fails(const struct test_case *c, char *why, size_t why_bytes)
{
	reference_run(c, &expected);
	service_run(c, &found);
	facts_sort(&expected);
	facts_sort(&found);
	return facts_differ(c, &expected, &found, why, why_bytes);
}

static void count_seen(void)
{
	for (unsigned i = 0; i < found.count; i++) {
		const struct fact *fact = &found.list[i];

		seen[fact->status]++;
		parts += fact->host != NOBODY;
		if (fact->status != STATUS_DEFERRED)
			continue;
		rules_held += fact->window_s > 0;
		nights += strncmp(fact->rule, "quiet_", 6) == 0;
		windows += strcmp(fact->rule, "send_at") == 0;
		ahead += strcmp(fact->rule, "look_ahead") == 0;
	}
}

static void tell_all(const struct test_case *c)
{
	case_print(c, stderr);
	fprintf(stderr, "by the page:\n");
	for (unsigned i = 0; i < expected.count; i++) {
		fprintf(stderr, "  ");
		facts_print(c, &expected.list[i], stderr);
		fprintf(stderr, "\n");
	}
	fprintf(stderr, "the service:\n");
	for (unsigned i = 0; i < found.count; i++) {
		fprintf(stderr, "  ");
		facts_print(c, &found.list[i], stderr);
		fprintf(stderr, "\n");
	}
}

static void explain(struct test_case *c)
{
	char why[WHY_BYTES];

	if (!as_is)
		case_shrink(c);
	case_fails(c, why, sizeof(why));
	tell_all(c);
	fprintf(stderr, "the first difference:\n%s", why);
	fail_msg("seed %llu: replay with arbiter_test 1 %llu", (unsigned long long)c->seed,
		 (unsigned long long)c->seed);
}

static void the_arbiter_does_what_its_page_says(void **state)
{
	static struct test_case c;
	char why[WHY_BYTES];

	(void)state;
	for (unsigned long i = 0; i < cases; i++) {
		case_make(&c, first_seed + i, zones);
		if (case_fails(&c, why, sizeof(why)))
			explain(&c);
		count_seen();
		case_permute(&c, c.seed);
		if (case_fails(&c, why, sizeof(why)))
			explain(&c);
	}
	for (int i = 0; i <= STATUS_TAKEN_BACK; i++)
		if (seen[i])
			print_message("%s %lu, ",
				      i == STATUS_DISPATCHED   ? "dispatched"
				      : i == STATUS_TAKEN_BACK ? "taken back"
							       : status_text(i),
				      seen[i]);
	print_message("of them parts %lu, held by rules %lu, nights %lu, windows %lu, "
		      "look-ahead %lu; in %lu cases\n",
		      parts, rules_held, nights, windows, ahead, cases);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_arbiter_does_what_its_page_says)};
	int r;

	if (argc > 1)
		cases = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		first_seed = strtoull(argv[2], NULL, 10);
	as_is = argc > 3 && strcmp(argv[3], "as-is") == 0;
	zones = case_zones();
	r = cmocka_run_group_tests(tests, NULL, NULL);
	zones_free(zones);
	return r;
}
