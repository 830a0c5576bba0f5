/* Long chains of merges: what is handed over comes to their end, and round a circle to who lives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/message/handover.h"

enum { IDS = 200, ID_BYTES = 16 };

static struct arena arena;
static char ids[IDS][ID_BYTES];

static int set_up(void **state)
{
	(void)state;
	for (int i = 0; i < IDS; i++)
		snprintf(ids[i], sizeof(ids[i]), "id-%03d", i);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* Where a record of the first id comes to rest; next[i] is where id i has gone, -1: it lives. */
static int ends_at(const int *next, const int64_t *merged_ms)
{
	struct handover_goal goal = {ids[next[0]], merged_ms[0]};
	struct slice bytes = handover_of_record(ids[0], &goal, slice_of("event", 5), 1, 1, &arena);
	Nurture__V1__Handover *handover;
	struct err err;
	int at = next[0];

	for (int hops = 0; next[at] >= 0; hops++) {
		assert_true(hops < 3 * IDS);
		if (handover_decode(bytes, &arena, &handover, &err) < 0)
			fail_msg("after %d: %s", hops, err.text);
		goal = (struct handover_goal){ids[next[at]], merged_ms[at]};
		if (!handover_goes_on(handover, ids[at], &goal))
			break;
		bytes = handover_on(handover, ids[at], &goal, 1, &arena);
		at = next[at];
	}
	return at;
}

static void a_long_chain_is_followed_to_its_end(void **state)
{
	int next[IDS];
	int64_t merged_ms[IDS];

	(void)state;
	for (int i = 0; i < IDS; i++) {
		next[i] = i + 1 < IDS ? i + 1 : -1;
		merged_ms[i] = 1000 - i; /* told in any order */
	}
	assert_int_equal(ends_at(next, merged_ms), IDS - 1);
}

/* A chain of 50 ids into a circle of 50: who lives is whom the circle's newest merge names. */
static void a_long_way_into_a_circle_comes_to_rest(void **state)
{
	int next[IDS];
	int64_t merged_ms[IDS];

	(void)state;
	for (int i = 0; i < 100; i++) {
		next[i] = i + 1 < 100 ? i + 1 : 50;
		merged_ms[i] = 1 + (i == 73) * 1000;
	}
	assert_int_equal(ends_at(next, merged_ms), 74);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_long_chain_is_followed_to_its_end),
	    cmocka_unit_test(a_long_way_into_a_circle_comes_to_rest),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
