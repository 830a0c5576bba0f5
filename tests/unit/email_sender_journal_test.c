/* email_sender_journal_test.c - what a new owner may conclude from the journal of attempts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/email-sender/journal.h"

static struct attempt_left left[] = {{{(const uint8_t *)"begun:1", 7}, {NULL, 0}},
				     {{(const uint8_t *)"over:2", 6}, {(const uint8_t *)"r", 1}}};

static void a_trusted_journal_knows_all_attempts_of_its_owner(void **state)
{
	struct send_journal journal = {0};
	struct attempts_left mine = {.owner = 7, .attempts = left, .count = 2};
	struct slice result;

	(void)state;
	send_journal_add(&journal, &mine);
	assert_int_equal(send_journal_look(&journal, 7, "begun", 1, &result), SEND_TRACE_BEGUN);
	assert_int_equal(send_journal_look(&journal, 7, "over", 2, &result), SEND_TRACE_FINISHED);
	assert_true(slice_equal(result, slice_text("r")));
	assert_int_equal(send_journal_look(&journal, 7, "over", 1, &result), SEND_TRACE_NOT_BEGUN);
	assert_int_equal(send_journal_look(&journal, 7, "other", 1, &result), SEND_TRACE_NOT_BEGUN);
	/* Another owner's attempts: nothing is known of them. */
	assert_int_equal(send_journal_look(&journal, 8, "begun", 1, &result), SEND_TRACE_UNKNOWN);
	send_journal_free(&journal);
}

static void of_two_owners_each_knows_its_own(void **state)
{
	struct send_journal journal = {0};
	struct attempts_left first = {.owner = 7, .attempts = left, .count = 1};
	struct attempts_left second = {.owner = 8, .attempts = left + 1, .count = 1};
	struct slice result;

	(void)state;
	send_journal_add(&journal, &second);
	send_journal_add(&journal, &first);
	assert_int_equal(send_journal_look(&journal, 7, "begun", 1, &result), SEND_TRACE_BEGUN);
	assert_int_equal(send_journal_look(&journal, 7, "over", 2, &result), SEND_TRACE_NOT_BEGUN);
	assert_int_equal(send_journal_look(&journal, 8, "over", 2, &result), SEND_TRACE_FINISHED);
	send_journal_free(&journal);
}

static void no_journal_says_nothing(void **state)
{
	struct send_journal journal = {0};
	struct slice result;

	(void)state;
	assert_int_equal(send_journal_look(&journal, 7, "over", 2, &result), SEND_TRACE_UNKNOWN);
	assert_int_equal(send_journal_look(NULL, 7, "over", 2, &result), SEND_TRACE_UNKNOWN);
	send_journal_free(&journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_trusted_journal_knows_all_attempts_of_its_owner),
	    cmocka_unit_test(no_journal_says_nothing),
	    cmocka_unit_test(of_two_owners_each_knows_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
