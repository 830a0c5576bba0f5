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
	struct attempts_left mine = {.trusted = true, .owner = 7, .attempts = left, .count = 2};
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

static void an_untrusted_journal_says_nothing(void **state)
{
	struct send_journal journal = {0};
	struct attempts_left mine = {.trusted = false, .owner = 7, .attempts = left, .count = 2};
	struct slice result;

	(void)state;
	send_journal_add(&journal, &mine);
	assert_int_equal(send_journal_look(&journal, 7, "other", 1, &result), SEND_TRACE_UNKNOWN);
	assert_int_equal(send_journal_look(&journal, 7, "over", 2, &result), SEND_TRACE_UNKNOWN);
	assert_int_equal(send_journal_look(NULL, 7, "over", 2, &result), SEND_TRACE_UNKNOWN);
	send_journal_free(&journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trusted_journal_knows_all_attempts_of_its_owner),
		cmocka_unit_test(an_untrusted_journal_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
