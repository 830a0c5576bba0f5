/* scheduler_pool_test.c - codes of a file: drawn with the grant, one per request, until none is
 * left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/token/coupon_draws.h"
#include "scheduler_rows.h"

static const char drawn_policy[] = CLASSES
    "caps: [{name: gap, min_gap: 20h, classes: [promotion]}]\n"
    "quiet_hours: off\njust_bought: off\n"
    "coupons:\n  back: {signed: true}\n  ten: {pool: ten.txt}\n  other: {pool: other.txt}\n";

static const char *const ten[] = {"T1", "T2", "T3", "T4", "T5", "T6", "T7"};
static const char *const other[] = {"O1", "O2"};
static const struct coupon_pool pools[] = {{0}, {"ten.txt", ten, 7}, {"other.txt", other, 2}};

static struct driver driver;
static struct policy *policy;

static void begin(void)
{
	Nurture__V1__ConsentState yes = NURTURE__V1__CONSENT_STATE__INIT, *consent[] = {&yes};
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;

	policy = load(drawn_policy);
	driver_open(&driver, policy);
	driver.service.pools = pools;
	driver.partition_count = 3;
	driver.partition = 1; /* T2 T5, O2 */
	yes.message_class = "all";
	yes.given = true;
	contact.email = "x@y.example";
	contact.consent = consent;
	contact.n_consent = 1;
	assert_int_equal(driver_contact(&driver, STORY_BEGIN_MS, &contact), 0);
}

static void end(void)
{
	driver_close(&driver);
	policy_free(policy);
}

static void ask_on(const char *channel, const char *id, const char *class, const char *coupon,
		   int priority, char *merge)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	request.id = (char *)id;
	request.programme = "p";
	request.channel = (char *)channel;
	request.action = "letter";
	request.owner = "o";
	request.message_class = (char *)class;
	request.coupon = (char *)coupon;
	request.merge = merge;
	request.priority = priority;
	request.due_ms = STORY_BEGIN_MS;
	request.expires_ms = STORY_BEGIN_MS + DAY_MS;
	assert_int_equal(driver_request(&driver, STORY_BEGIN_MS, &request), 0);
}

static void ask(const char *id, const char *class, const char *coupon, int priority, char *merge)
{
	ask_on("email", id, class, coupon, priority, merge);
}

static const char *code_at(size_t i)
{
	assert_true(i < driver.output_count);
	return driver.outputs[i].dispatch ? driver.outputs[i].dispatch->dispatch->coupon : NULL;
}

static void one_for_each_until_none_is_left(void **state)
{
	const Nurture__V1__Outcome *outcome;

	(void)state;
	begin();
	ask("a", "care", "ten", 50, "");
	ask("b", "care", "other", 40, "");
	ask("c", "care", "", 30, "");
	driver_run(&driver, STORY_BEGIN_MS);
	assert_string_equal(code_at(0), "T2");
	assert_string_equal(code_at(1), "O2");
	assert_string_equal(code_at(2), "");
	assert_int_equal(driver.output_count, 3);
	/* a repeat draws nothing */
	ask("a", "care", "ten", 50, "");
	driver_run(&driver, STORY_BEGIN_MS);
	assert_int_equal(driver.output_count, 3);
	ask("d", "care", "ten", 50, "");
	ask("e", "care", "ten", 40, "");
	driver_run(&driver, STORY_BEGIN_MS);
	assert_string_equal(code_at(3), "T5");
	outcome = driver.outputs[4].outcome;
	assert_non_null(outcome);
	assert_string_equal(outcome->request, "e");
	assert_string_equal(outcome->status, "undeliverable");
	assert_string_equal(outcome->reason->rule, "coupons");
	assert_string_equal(outcome->reason->detail, "ten is used up");
	end();
}

/* Whoever gets no code takes nobody's place; and one that waits has drawn none. */
static void only_a_grant_draws(void **state)
{
	(void)state;
	begin();
	ask("a", "promotion", "other", 50, "");
	ask("b", "promotion", "other", 40, "");
	driver_run(&driver, STORY_BEGIN_MS);
	assert_string_equal(code_at(0), "O2");
	assert_string_equal(driver.outputs[1].outcome->status, "deferred");
	ask("t", "promotion", "ten", 30, "");
	driver_run(&driver, STORY_BEGIN_MS + 20 * HOUR_MS);
	/* b is first in line, and there is no code for it: t goes out at the same instant */
	assert_string_equal(driver.outputs[driver.output_count - 2].outcome->status,
			    "undeliverable");
	assert_string_equal(code_at(driver.output_count - 1), "T2");
	assert_int_equal(driver.outputs[driver.output_count - 1].at_ms,
			 STORY_BEGIN_MS + 20 * HOUR_MS);
	end();
}

static void a_part_draws_its_own(void **state)
{
	const Nurture__V1__Dispatch *dispatch;

	(void)state;
	begin();
	ask("a", "care", "ten", 50, "g");
	ask("b", "care", "ten", 40, "g");
	ask("c", "care", "ten", 30, "g");
	ask("d", "care", "other", 20, "g");
	driver_run(&driver, STORY_BEGIN_MS);
	assert_string_equal(driver.outputs[0].outcome->request, "c");
	assert_string_equal(driver.outputs[0].outcome->reason->detail, "ten is used up");
	dispatch = driver.outputs[1].dispatch->dispatch;
	assert_string_equal(dispatch->coupon, "T2");
	assert_int_equal(dispatch->n_parts, 2);
	assert_string_equal(dispatch->parts[0]->coupon, "T5");
	assert_string_equal(dispatch->parts[1]->coupon, "O2");
	assert_int_equal(driver.output_count, 2);
	end();
}

/* Who writes a letter needs a code, too; another tool's own mail has none of ours. */
static void so_does_a_task(void **state)
{
	(void)state;
	begin();
	ask_on("task", "t", "care", "other", 50, "");
	ask_on("external", "x", "care", "other", 50, "");
	ask_on("task", "u", "care", "other", 40, "");
	driver_run(&driver, STORY_BEGIN_MS);
	assert_int_equal(driver.outputs[0].topic, SCHED_OUTCOMES);
	assert_string_equal(driver.outputs[0].outcome->status, "permitted");
	assert_int_equal(driver.outputs[1].topic, SCHED_TASKS);
	assert_non_null(
	    memmem(driver.outputs[1].bytes.bytes, driver.outputs[1].bytes.len, "O2", 2));
	assert_string_equal(driver.outputs[2].outcome->status, "task_created");
	assert_string_equal(driver.outputs[3].outcome->status, "undeliverable");
	assert_int_equal(driver.output_count, 4);
	end();
}

/* Nothing of the step counts, so the process can be mended and go on. */
static void another_file_is_refused(void **state)
{
	static const char *const new_ten[] = {"N1", "N2", "N3", "N4", "N5"};
	static const struct coupon_pool changed[] = {
	    {0}, {"ten.txt", new_ten, 5}, {"other.txt", other, 2}};

	(void)state;
	begin();
	ask("a", "care", "ten", 50, "");
	driver_run(&driver, STORY_BEGIN_MS);
	ask("b", "care", "ten", 50, "");
	driver.service.pools = changed;
	assert_int_equal(driver_step(&driver, STEP_TIMER, slice_of(NULL, 0)), -1);
	assert_int_equal(driver.err.kind, ERR_CONFIG);
	assert_non_null(strstr(driver.err.text, "coupons.ten: ten.txt:2: "));
	assert_int_equal(driver.output_count, 1);
	driver.service.pools = pools;
	driver_run(&driver, STORY_BEGIN_MS);
	assert_string_equal(code_at(1), "T5");
	end();
}

static void a_simulation_has_no_end(void **state)
{
	(void)state;
	begin();
	driver.service.pools = NULL;
	for (int i = 0; i < 20; i++)
		ask(arena_printf(&driver.kept, "r%d", i), "care", "other", 50, "");
	driver_run(&driver, STORY_BEGIN_MS);
	assert_int_equal(driver.output_count, 20);
	for (size_t i = 0; i < 20; i++)
		assert_string_equal(code_at(i), "(code)");
	assert_int_equal(driver.shared_len, 0);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_for_each_until_none_is_left),
	    cmocka_unit_test(only_a_grant_draws),
	    cmocka_unit_test(a_part_draws_its_own),
	    cmocka_unit_test(so_does_a_task),
	    cmocka_unit_test(another_file_is_refused),
	    cmocka_unit_test(a_simulation_has_no_end),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
