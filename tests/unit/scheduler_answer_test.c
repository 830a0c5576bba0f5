/* scheduler_answer_test.c - what other tools are told, the first time and again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "nurture/v1/answer.pb-c.h"
#include "scheduler_fixture.h"

static int question(int64_t at_ms, const char *id, int64_t reserve_ms)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	request.id = (char *)id;
	request.programme = "crm";
	request.channel = "external";
	request.message_class = "promotion";
	request.due_ms = 1;
	request.expires_ms = at_ms + MINUTE_MS;
	request.reserve_ms = reserve_ms;
	return driver_request(&driver, at_ms, &request);
}

/* "permitted 3600 at 0": what was told last, when it lapses, and when that was decided. */
static void expect_told(size_t count, const char *expected)
{
	Nurture__V1__Answer *answer =
	    nurture__v1__answer__unpack(NULL, driver.told.len, driver.told.bytes);
	char found[200];

	assert_non_null(answer);
	assert_int_equal(answer->time_ms, driver.now_ms);
	assert_string_equal(answer->outcome->customer, "c1");
	snprintf(found, sizeof(found), "%s %s %lld at %lld", answer->outcome->request,
		 answer->outcome->status,
		 answer->lapses_ms ? (long long)(answer->lapses_ms - STORY_BEGIN_MS) / 1000 : 0,
		 (long long)((int64_t)answer->outcome->at_ms - STORY_BEGIN_MS) / 1000);
	nurture__v1__answer__free_unpacked(answer, NULL);
	assert_string_equal(found, expected);
	assert_int_equal(driver.told_count, count);
}

static void permit(const char *id, bool confirm, int64_t at_ms)
{
	Nurture__V1__Release release = NURTURE__V1__RELEASE__INIT;
	Nurture__V1__Confirm confirmed = NURTURE__V1__CONFIRM__INIT;

	release.request = confirmed.request = (char *)id;
	if (confirm)
		assert_int_equal(driver_confirm(&driver, at_ms, &confirmed), 0);
	else
		assert_int_equal(driver_release(&driver, at_ms, &release), 0);
}

static void a_repeat_is_told_the_same(void **state)
{
	size_t outputs;

	(void)state;
	begin();
	question(STORY_BEGIN_MS, "x", HOUR_MS);
	expect_told(1, "x permitted 3600 at 0");
	question(STORY_BEGIN_MS + 1000, "y", 0);
	expect_told(2, "y refused 0 at 1");
	assert_string_equal(last_outcome()->status, "refused");
	outputs = driver.output_count;
	question(STORY_BEGIN_MS + 2000, "x", 0);
	expect_told(3, "x permitted 3600 at 0");
	question(STORY_BEGIN_MS + 3000, "y", 0);
	expect_told(4, "y refused 0 at 1");
	assert_false(driver.changed);
	/* Nothing is decided twice. */
	assert_int_equal(driver.output_count, outputs);
	driver_close(&driver);
}

static void a_repeat_is_told_where_the_permit_stands(void **state)
{
	(void)state;
	begin();
	question(STORY_BEGIN_MS, "x", HOUR_MS);
	permit("x", true, STORY_BEGIN_MS + 1000);
	question(STORY_BEGIN_MS + 2 * HOUR_MS, "x", HOUR_MS);
	expect_told(2, "x permitted 0 at 0");
	permit("x", false, STORY_BEGIN_MS + 3 * HOUR_MS);
	assert_int_equal(driver.told_count, 2); /* nobody asked */
	question(STORY_BEGIN_MS + 4 * HOUR_MS, "x", HOUR_MS);
	expect_told(3, "x released 0 at 10800");
	question(STORY_BEGIN_MS + 5 * HOUR_MS, "z", HOUR_MS);
	driver_run(&driver, STORY_BEGIN_MS + 7 * HOUR_MS);
	question(STORY_BEGIN_MS + 8 * HOUR_MS, "z", HOUR_MS);
	expect_told(5, "z released 0 at 21600");
	driver_close(&driver);
}

static void a_question_is_known_for_eight_days(void **state)
{
	(void)state;
	begin();
	question(STORY_BEGIN_MS, "x", 0);
	question(STORY_BEGIN_MS + 8 * DAY_MS, "x", 0);
	expect_told(2, "x permitted 0 at 0");
	/* It is forgotten with the next change. */
	question(STORY_BEGIN_MS + 9 * DAY_MS, "y", 0);
	question(STORY_BEGIN_MS + 9 * DAY_MS, "x", 0);
	expect_told(4, "x refused 0 at 777600");
	driver_close(&driver);
}

static void only_the_newest_answers_are_kept(void **state)
{
	char id[16];

	(void)state;
	begin();
	for (int i = 0; i <= SCHED_ANSWERS_MAX; i++) {
		snprintf(id, sizeof(id), "q%d", i);
		assert_int_equal(question(STORY_BEGIN_MS + i, id, 0), 0);
	}
	assert_int_equal(question(STORY_BEGIN_MS + 100, "q0", 0), -1);
	assert_non_null(strstr(driver.err.text, "$.request.id: expected a new id, found \"q0\""));
	assert_int_equal(question(STORY_BEGIN_MS + 100, "q1", 0), 0);
	expect_told(SCHED_ANSWERS_MAX + 2, "q1 refused 0 at 0");
	driver_close(&driver);
}

static void a_mail_s_id_is_no_question(void **state)
{
	(void)state;
	begin();
	ask(STORY_BEGIN_MS, "m", "promotion", STORY_BEGIN_MS);
	assert_int_equal(question(STORY_BEGIN_MS, "m", 0), -1);
	assert_int_equal(driver.told_count, 0);
	driver_close(&driver);
}

/* Read and written by the code that is made from ledger.proto it is the same. */
static void answers_are_as_the_schema_says(void **state)
{
	Nurture__V1__Ledger *ledger;
	Nurture__V1__Outcome *outcome;
	uint8_t bytes[2048];

	(void)state;
	begin();
	question(STORY_BEGIN_MS, "x", HOUR_MS);
	ledger = nurture__v1__ledger__unpack(NULL, driver.state_len, driver.state);
	assert_int_equal(ledger->n_answers, 1);
	assert_true(ledger->answers[0]->request == hash64(slice_text("x")));
	assert_int_equal(ledger->answers[0]->lapses_ms, STORY_BEGIN_MS + HOUR_MS);
	outcome = nurture__v1__outcome__unpack(NULL, ledger->answers[0]->outcome.len,
					       ledger->answers[0]->outcome.data);
	assert_string_equal(outcome->status, "permitted");
	nurture__v1__outcome__free_unpacked(outcome, NULL);
	assert_true(driver.state_len <= sizeof(bytes));
	assert_int_equal(nurture__v1__ledger__pack(ledger, bytes), driver.state_len);
	assert_memory_equal(bytes, driver.state, driver.state_len);
	nurture__v1__ledger__free_unpacked(ledger, NULL);
	driver_close(&driver);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_repeat_is_told_the_same),
	    cmocka_unit_test(a_repeat_is_told_where_the_permit_stands),
	    cmocka_unit_test(a_question_is_known_for_eight_days),
	    cmocka_unit_test(only_the_newest_answers_are_kept),
	    cmocka_unit_test(a_mail_s_id_is_no_question),
	    cmocka_unit_test(answers_are_as_the_schema_says),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
