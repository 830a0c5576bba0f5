/* scheduler_reevaluate_test.c - the service comes back with another policy: what waits is weighed
 * under it, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_fixture.h"

static const char loosened[] = HEAD "classes: {care: {}, promotion: {}, news: {}}\n"
				    "caps: [{name: gap, min_gap: 1h, classes: [promotion]}]\n" TAIL;
static const char tightened[] =
    HEAD "classes: {care: {}, promotion: {}, news: {}}\n"
	 "caps: [{name: gap, min_gap: 48h, classes: [promotion]}]\n" TAIL;

#define HOURS(n) (STORY_BEGIN_MS + (n) * HOUR_MS)

/* One was granted, and the next waits for 20 hours. */
static void begin_with_one_that_waits(void)
{
	begin();
	ask(STORY_BEGIN_MS, "a", "promotion", STORY_BEGIN_MS);
	driver_run(&driver, STORY_BEGIN_MS);
	ask(HOURS(2), "b", "promotion", HOURS(2));
	driver_run(&driver, HOURS(2));
	assert_string_equal(last_outcome()->status, "deferred");
	assert_int_equal(driver.due_ms, HOURS(20));
}

static void reevaluate(const struct policy *policy, int64_t at_ms)
{
	driver.service.policy = policy;
	driver.now_ms = at_ms;
	assert_int_equal(driver_step(&driver, STEP_REEVALUATE, slice_of(NULL, 0)), 0);
}

static void a_loosened_cap_lets_go_at_once(void **state)
{
	struct policy *policy = load(loosened);
	size_t before_count;

	(void)state;
	begin_with_one_that_waits();
	before_count = driver.output_count;
	reevaluate(policy, HOURS(3));
	assert_int_equal(driver.output_count, before_count + 1);
	assert_string_equal(driver.outputs[before_count].dispatch->dispatch->request->id, "b");
	assert_true(driver.due_ms == NEVER_MS);
	reevaluate(policy, HOURS(4));
	assert_int_equal(driver.output_count, before_count + 1);
	assert_false(driver.changed);
	driver_close(&driver);
	policy_free(policy);
}

static void a_tightened_cap_says_so(void **state)
{
	struct policy *policy = load(tightened);
	size_t before_count;

	(void)state;
	begin_with_one_that_waits();
	reevaluate(policy, HOURS(3));
	assert_string_equal(last_outcome()->status, "deferred");
	assert_int_equal(last_outcome()->reason->eligible_at_ms, HOURS(48));
	assert_int_equal(driver.due_ms, HOURS(48));
	/* and not twice */
	before_count = driver.output_count;
	reevaluate(policy, HOURS(4));
	assert_int_equal(driver.output_count, before_count);
	assert_int_equal(driver.due_ms, HOURS(48));
	driver_close(&driver);
	policy_free(policy);
}

static void who_is_not_due_stays_so(void **state)
{
	struct policy *policy = load(loosened);
	size_t before_count;

	(void)state;
	begin();
	driver.service.settle_ms = 2000;
	ask(STORY_BEGIN_MS, "later", "promotion", HOURS(30));
	driver_run(&driver, HOURS(1));
	ask(HOURS(1), "settles", "promotion", HOURS(1));
	before_count = driver.output_count;
	reevaluate(policy, HOURS(1) + 1000);
	assert_false(driver.changed);
	assert_int_equal(driver.output_count, before_count);
	assert_int_equal(driver.due_ms, HOURS(1) + 2000);
	/* a timer that nobody asked for does not hurry anybody either */
	assert_int_equal(driver_step(&driver, STEP_TIMER, slice_of(NULL, 0)), 0);
	assert_int_equal(driver.output_count, before_count);
	assert_int_equal(driver.due_ms, HOURS(1) + 2000);
	driver_run(&driver, HOURS(1) + 2000);
	assert_int_equal(driver.output_count, before_count + 1);
	assert_int_equal(driver.due_ms, HOURS(30));
	driver_close(&driver);
	policy_free(policy);
}

static void a_class_that_is_gone_ends_what_waits_for_it(void **state)
{
	static const char without[] = HEAD "classes: {care: {}, news: {}}\ncaps: [{name: gap, "
					   "min_gap: 1h, classes: [care]}]\n" TAIL;
	struct policy *policy = load(without);

	(void)state;
	begin_with_one_that_waits();
	reevaluate(policy, HOURS(3));
	assert_string_equal(last_outcome()->status, "cancelled");
	assert_string_equal(last_outcome()->request, "b");
	driver_close(&driver);
	policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_loosened_cap_lets_go_at_once),
	    cmocka_unit_test(a_tightened_cap_says_so),
	    cmocka_unit_test(who_is_not_due_stays_so),
	    cmocka_unit_test(a_class_that_is_gone_ends_what_waits_for_it),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
