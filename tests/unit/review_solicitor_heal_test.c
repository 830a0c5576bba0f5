/* Tests of a ladder by the wall clock: nothing was later than it came, and what was erased is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/civil.h"
#include "services/review-solicitor/heal.h"
#include "services/review-solicitor/wire.h"

#define NOW_MS INT64_C(1767225600000)

static void times_of_the_future_count_as_just_before(void **state)
{
	struct sol_order orders[] = {
	    {.id = "a",
	     .phase = SOL_WAITING,
	     .delivered_ms = NOW_MS + 70 * DAY_MS,
	     .at_ms = NOW_MS + 77 * DAY_MS},
	    {.id = "b",
	     .phase = SOL_WAITING,
	     .delivered_ms = NOW_MS - DAY_MS,
	     .at_ms = NOW_MS + 6 * DAY_MS},
	    {.id = "c", .phase = SOL_PLACED, .at_ms = NOW_MS + DAY_MS},
	    {.id = "d", .phase = SOL_WAITING, .delivered_ms = NOW_MS, .at_ms = NOW_MS + 7 * DAY_MS},
	};
	struct sol_case cases[] = {{"complaint:1", "", NOW_MS + DAY_MS, false},
				   {"complaint:2", "", NOW_MS, true}};
	struct sol_rung rungs[] = {
	    {.name = "review", .triggered_ms = NOW_MS + DAY_MS, .asked_ms = NOW_MS + 2 * DAY_MS},
	    {.name = "event", .triggered_ms = 0, .asked_ms = NOW_MS - DAY_MS}};
	struct sol_ladder ladder = {.orders = orders,
				    .order_count = 4,
				    .cases = cases,
				    .case_count = 2,
				    .rungs = rungs,
				    .rung_count = 2};

	(void)state;
	sol_ladder_heal(&ladder, NOW_MS);
	assert_true(orders[0].delivered_ms == NOW_MS - 1);
	assert_true(orders[0].at_ms == NOW_MS - 1 + 7 * DAY_MS);
	assert_true(orders[1].delivered_ms == NOW_MS - DAY_MS);
	assert_true(orders[1].at_ms == NOW_MS + 6 * DAY_MS);
	assert_true(orders[2].at_ms == NOW_MS - 1);
	assert_true(orders[3].delivered_ms == NOW_MS && orders[3].at_ms == NOW_MS + 7 * DAY_MS);
	assert_true(cases[0].at_ms == NOW_MS - 1 && cases[1].at_ms == NOW_MS);
	assert_true(rungs[0].triggered_ms == NOW_MS - 1);
	assert_true(rungs[0].asked_ms == NOW_MS - 1 + DAY_MS);
	assert_true(rungs[1].asked_ms == NOW_MS - DAY_MS);
}

static void an_erasure_alone_is_a_state(void **state)
{
	struct sol_ladder ladder = {.erased_ms = NOW_MS}, again;
	struct arena arena = {0};
	struct err err;

	(void)state;
	assert_int_equal(
	    sol_ladder_decode(sol_ladder_encode(&ladder, &arena), &arena, &again, &err), 0);
	assert_true(again.erased_ms == NOW_MS && again.order_count == 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(times_of_the_future_count_as_just_before),
	    cmocka_unit_test(an_erasure_alone_is_a_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
