/* scheduler_bounds_test.c - how much one customer may have, and what is left when it is over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_fixture.h"

static void nobody_waits_with_more_than_so_many(void **state)
{
	char id[16];

	(void)state;
	begin();
	for (int i = 0; i <= SCHED_WAITING_MAX; i++) {
		snprintf(id, sizeof(id), "r%d", i);
		assert_int_equal(ask(STORY_BEGIN_MS, id, "care", STORY_BEGIN_MS + DAY_MS), 0);
	}
	assert_int_equal(driver.output_count, 1);
	assert_string_equal(last_outcome()->status, "displaced");
	assert_string_equal(last_outcome()->reason->rule, "waiting_limit");
	assert_string_equal(last_outcome()->request, "r128");
	driver_close(&driver);
}

static void nor_with_more_than_so_much_mail_from_elsewhere(void **state)
{
	Nurture__V1__SentElsewhere sent = NURTURE__V1__SENT_ELSEWHERE__INIT;
	char id[16];
	int r = 0;

	(void)state;
	begin();
	sent.id = id;
	sent.message_class = "care";
	for (int i = 0; i <= SCHED_ELSEWHERE_MAX; i++) {
		assert_int_equal(r, 0);
		snprintf(id, sizeof(id), "x%d", i);
		r = driver_elsewhere(&driver, STORY_BEGIN_MS, &sent);
	}
	assert_int_equal(r, -1);
	assert_string_equal(driver.err.text,
			    "$.sent_elsewhere: expected at most 1024 of them for one customer");
	driver_close(&driver);
}

static void erasure_leaves_no_person(void **state)
{
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;

	(void)state;
	begin();
	ask(STORY_BEGIN_MS, "a", "promotion", STORY_BEGIN_MS);
	assert_non_null(memmem(driver.state, driver.state_len, "someone", 7));
	contact.erased = true;
	contact.email = "someone@customers.example"; /* it should not be there, and is not kept */
	driver_contact(&driver, STORY_BEGIN_MS + 1, &contact);
	assert_null(memmem(driver.state, driver.state_len, "someone", 7));
	for (size_t i = 0; i < driver.output_count; i++)
		if (driver.outputs[i].at_ms > STORY_BEGIN_MS)
			assert_null(memmem(driver.outputs[i].bytes.bytes,
					   driver.outputs[i].bytes.len, "someone", 7));
	driver_close(&driver);
}

static void the_decision_waits_for_what_comes_together(void **state)
{
	(void)state;
	begin();
	driver.service.settle_ms = 2000;
	ask(STORY_BEGIN_MS + 10, "a", "care", STORY_BEGIN_MS);
	assert_int_equal(driver.due_ms, STORY_BEGIN_MS + 2010);
	ask(STORY_BEGIN_MS + 500, "b", "care", STORY_BEGIN_MS + DAY_MS);
	assert_int_equal(driver.due_ms, STORY_BEGIN_MS + 2010);
	driver_run(&driver, STORY_BEGIN_MS + 2010);
	assert_int_equal(driver.output_count, 1);
	assert_int_equal(driver.due_ms, STORY_BEGIN_MS + DAY_MS);
	driver_close(&driver);
}

static void nothing_known_and_nothing_to_do_is_nothing(void **state)
{
	(void)state;
	driver_open(&driver, old_policy);
	assert_int_equal(driver_step(&driver, STEP_TIMER, slice_of(NULL, 0)), 0);
	assert_true(driver.changed);
	assert_int_equal(driver.state_len, 0);
	assert_true(driver.due_ms == NEVER_MS);
	assert_int_equal(driver_step(&driver, STEP_RECORD, slice_of("", 0)), -1);
	driver.customer = "";
	assert_int_equal(ask(STORY_BEGIN_MS, "a", "care", STORY_BEGIN_MS), -1);
	assert_string_equal(driver.err.text,
			    "key: expected a customer id of 1 to 200 bytes, found 0");
	driver_close(&driver);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_waits_with_more_than_so_many),
	    cmocka_unit_test(nor_with_more_than_so_much_mail_from_elsewhere),
	    cmocka_unit_test(erasure_leaves_no_person),
	    cmocka_unit_test(the_decision_waits_for_what_comes_together),
	    cmocka_unit_test(nothing_known_and_nothing_to_do_is_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
