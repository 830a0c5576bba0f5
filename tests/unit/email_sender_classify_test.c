/* What servers say, word by word, and what it means: for the mail, its domain, its address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/io/smtp/smtp_reply.h"
#include "services/email-sender/delivery/classify.h"

struct said {
	enum smtp_stage stage;
	const char *reply; /* "" for none */
	enum send_verdict verdict;
	const char *rule;
	enum destination_feedback feedback, direct_news;
	bool is_bad_address;
};

#define SAME(feedback) feedback, feedback

/* clang-format off */
static const struct said table[] = {
	{SMTP_DOT, "250 2.0.0 queued", SEND_SENT, "", SAME(FEEDBACK_OK), false},
	{SMTP_DOT, "", SEND_IN_DOUBT, "", SAME(FEEDBACK_NONE), false},
	{SMTP_DOT, "354 more", SEND_IN_DOUBT, "", SAME(FEEDBACK_NONE), false},
	{SMTP_CONNECT, "", SEND_LATER, "retry", FEEDBACK_NONE, FEEDBACK_SLOW_DOWN, false},
	{SMTP_MAIL, "", SEND_LATER, "retry", FEEDBACK_NONE, FEEDBACK_SLOW_DOWN, false},
	{SMTP_BODY, "", SEND_LATER, "retry", FEEDBACK_NONE, FEEDBACK_SLOW_DOWN, false},
	{SMTP_DATA, "250 ok", SEND_LATER, "retry", FEEDBACK_NONE, FEEDBACK_SLOW_DOWN, false},
	/* connecting */
	{SMTP_CONNECT, "421 4.7.0 too many connections", SEND_LATER, "slowed", SAME(FEEDBACK_SLOW_DOWN), false},
	{SMTP_CONNECT, "554 5.3.2 not now", SEND_LATER, "retry", SAME(FEEDBACK_SLOW_DOWN), false},
	{SMTP_CONNECT, "554 5.7.1 your address is on a list", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCKED), false},
	{SMTP_CONNECT, "535 5.7.8 bad credentials", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCKED), false},
	{SMTP_MAIL, "530 5.7.0 log in first", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCKED), false},
	/* nobody there */
	{SMTP_RCPT, "550 5.1.1 The email account that you tried to reach does not exist", SEND_REFUSED, "", SAME(FEEDBACK_OK), true},
	{SMTP_RCPT, "550 5.1.10 RecipientNotFound", SEND_REFUSED, "", SAME(FEEDBACK_OK), true},
	{SMTP_RCPT, "550 5.2.1 account disabled", SEND_REFUSED, "", SAME(FEEDBACK_OK), true},
	{SMTP_RCPT, "550 5.4.1 Recipient address rejected: Access denied", SEND_REFUSED, "", SAME(FEEDBACK_OK), true},
	{SMTP_RCPT, "550 No such user here", SEND_REFUSED, "", SAME(FEEDBACK_OK), true},
	{SMTP_RCPT, "550 5.7.1 <x>... User unknown", SEND_REFUSED, "", SAME(FEEDBACK_OK), true},
	{SMTP_RCPT, "553 5.0.0 unknown recipient", SEND_REFUSED, "", SAME(FEEDBACK_OK), true},
	{SMTP_DOT, "554 5.1.1 no such user", SEND_REFUSED, "", SAME(FEEDBACK_OK), true},
	/* about the sender, and at MAIL nobody has asked for the recipient yet */
	{SMTP_MAIL, "550 5.1.8 sender domain does not exist", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCK_SUSPECTED), false},
	{SMTP_RCPT, "550 5.1.8 sender address rejected", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCK_SUSPECTED), false},
	/* a code of nobody with words about us, or about a mailbox that is full */
	{SMTP_RCPT, "550 5.1.1 Bad HELO", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCK_SUSPECTED), false},
	{SMTP_RCPT, "550 5.1.1 Authentication required", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCK_SUSPECTED), false},
	{SMTP_RCPT, "550 5.1.1 Directory harvest attack detected", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCK_SUSPECTED), false},
	{SMTP_RCPT, "550 5.1.1 rate limit exceeded", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCK_SUSPECTED), false},
	{SMTP_RCPT, "550 5.1.1 mailbox full", SEND_LATER, "retry", SAME(FEEDBACK_OK), false},
	{SMTP_RCPT, "550 5.7.1 mailbox quota exceeded", SEND_LATER, "retry", SAME(FEEDBACK_OK), false},
	{SMTP_RCPT, "550 5.2.1 mailbox temporarily disabled", SEND_LATER, "retry", SAME(FEEDBACK_OK), false},
	{SMTP_DOT, "550 5.1.1 Attachment type not allowed", SEND_REFUSED, "", SAME(FEEDBACK_OK), false},
	{SMTP_RCPT, "552 message too large", SEND_REFUSED, "", SAME(FEEDBACK_OK), false},
	{SMTP_RCPT, "452 4.2.2 exceeded the quota", SEND_LATER, "retry", SAME(FEEDBACK_NONE), false},
	/* the code behind the words */
	{SMTP_RCPT, "550 address rejected (#5.1.0)", SEND_REFUSED, "", SAME(FEEDBACK_OK), true},
	{SMTP_RCPT, "553 that domain isn't in my list of allowed rcpthosts (#5.7.1)", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCK_SUSPECTED), false},
	{SMTP_MAIL, "550 5.1.1 no", SEND_REFUSED, "", SAME(FEEDBACK_OK), false},
	/* the words of a mail's contents prove nothing about its recipient */
	{SMTP_DOT, "554 the link in it does not exist", SEND_REFUSED, "", SAME(FEEDBACK_OK), false},
	{SMTP_RCPT, "550 access denied", SEND_REFUSED, "", SAME(FEEDBACK_OK), false},
	{SMTP_DOT, "552 5.3.4 too big", SEND_REFUSED, "", SAME(FEEDBACK_OK), false},
	{SMTP_RCPT, "550 5.7.17 mailbox owner has changed", SEND_REFUSED, "", SAME(FEEDBACK_OK), false},
	/* full */
	{SMTP_RCPT, "452 4.2.2 over quota", SEND_LATER, "retry", SAME(FEEDBACK_NONE), false},
	{SMTP_RCPT, "552 5.2.2 over quota", SEND_LATER, "retry", SAME(FEEDBACK_OK), false},
	{SMTP_RCPT, "552 mailbox full", SEND_LATER, "retry", SAME(FEEDBACK_OK), false},
	/* greylisting */
	{SMTP_RCPT, "450 4.2.0 Greylisted, see http://postgrey.example", SEND_LATER, "greylisted", SAME(FEEDBACK_OK), false},
	{SMTP_RCPT, "450 come back", SEND_LATER, "greylisted", SAME(FEEDBACK_OK), false},
	{SMTP_RCPT, "451 4.7.1 please try again later", SEND_LATER, "greylisted", SAME(FEEDBACK_OK), false},
	{SMTP_DATA, "451 graylisting in action", SEND_LATER, "greylisted", SAME(FEEDBACK_OK), false},
	{SMTP_RCPT, "451 4.3.0 local error", SEND_LATER, "retry", SAME(FEEDBACK_NONE), false},
	/* less, please */
	{SMTP_RCPT, "421 4.7.28 unusual rate of mail", SEND_LATER, "slowed", SAME(FEEDBACK_SLOW_DOWN), false},
	{SMTP_DOT, "421 4.7.0 [TSS04] temporarily deferred due to complaints", SEND_LATER, "slowed", SAME(FEEDBACK_SLOW_DOWN), false},
	{SMTP_RCPT, "451 4.7.650 the mail server has been temporarily rate limited", SEND_LATER, "slowed", SAME(FEEDBACK_SLOW_DOWN), false},
	{SMTP_RCPT, "450 4.7.1 too many messages from you", SEND_LATER, "slowed", SAME(FEEDBACK_SLOW_DOWN), false},
	{SMTP_DOT, "451 4.7.0 spam scanner is busy", SEND_LATER, "slowed", SAME(FEEDBACK_SLOW_DOWN), false},
	/* we are refused */
	{SMTP_DOT, "550 5.7.26 this mail is unauthenticated", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCKED), false},
	{SMTP_DOT, "550 5.7.515 access denied, sending domain does not meet the required level", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCKED), false},
	{SMTP_DOT, "554 5.7.1 spam", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCK_SUSPECTED), false},
	{SMTP_RCPT, "550 5.7.0 policy", SEND_LATER, "blocked", SAME(FEEDBACK_BLOCK_SUSPECTED), false},
};
/* clang-format on */

static void every_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const struct said *said = &table[i];
		char line[300];

		for (int is_direct = 0; is_direct < 2; is_direct++) {
			struct smtp_answer answer = {.stage = said->stage};
			struct send_judgement found;

			snprintf(line, sizeof(line), "%s\r\n", said->reply);
			if (said->reply[0])
				assert_true(smtp_reply_parse(line, strlen(line), &answer) > 0);
			found = send_judge(&answer, "", is_direct);
			if (found.verdict != said->verdict || strcmp(found.rule, said->rule) != 0 ||
			    found.feedback != (is_direct ? said->direct_news : said->feedback) ||
			    found.is_bad_address != said->is_bad_address)
				fail_msg("%s: \"%s\" %d %s %d %d", smtp_stage_text(said->stage),
					 said->reply, (int)found.verdict, found.rule,
					 (int)found.feedback, found.is_bad_address);
			assert_int_equal(found.is_about_relay,
					 !is_direct && (said->stage < SMTP_RCPT));
		}
	}
}

static void what_never_was_a_servers_word(void **state)
{
	struct smtp_answer answer = {.stage = SMTP_MAIL, .was_invalid = true};

	(void)state;
	assert_int_equal(send_judge(&answer, "", false).verdict, SEND_REFUSED);
	assert_false(send_judge(&answer, "", false).is_bad_address);
	answer = (struct smtp_answer){.stage = SMTP_RCPT, .was_stopped = true};
	assert_int_equal(send_judge(&answer, "", false).verdict, SEND_NOT_SENT);
	answer.stage = SMTP_DOT;
	assert_int_equal(send_judge(&answer, "", false).verdict, SEND_IN_DOUBT);
	/* The DNS: no such domain, and one that takes no mail. */
	answer = (struct smtp_answer){.stage = SMTP_CONNECT, .enhanced = "5.1.2"};
	assert_int_equal(send_judge(&answer, "", true).verdict, SEND_LATER);
	assert_true(send_judge(&answer, "", true).is_bad_address);
	answer = (struct smtp_answer){.stage = SMTP_RCPT, .code = 556, .enhanced = "5.1.10"};
	assert_int_equal(send_judge(&answer, "", true).verdict, SEND_REFUSED);
	assert_true(send_judge(&answer, "", true).is_bad_address);
}

/* Both say the same, but a relay out of order says it of everybody. */
static void what_counts_as_soft(void **state)
{
	static const struct {
		enum smtp_stage stage;
		const char *reply;
		bool of_relay, of_domain;
	} rows[] = {
	    {SMTP_RCPT, "552 5.2.2 mailbox full\r\n", true, true},
	    {SMTP_RCPT, "550 5.1.1 mailbox full\r\n", true, true},
	    {SMTP_RCPT, "452 4.2.2 over quota\r\n", true, true},
	    {SMTP_RCPT, "450 4.2.1 busy\r\n", true, true},
	    {SMTP_DOT, "554 5.0.0 Transaction failed\r\n", false, true},
	    {SMTP_RCPT, "451 try later\r\n", false, true},
	    {SMTP_MAIL, "452 4.3.1 disk full\r\n", false, false},
	    {SMTP_RCPT, "550 5.1.1 no such user\r\n", false, false},
	    {SMTP_RCPT, "550 5.7.1 blocked using zen.spamhaus.org\r\n", false, false},
	    {SMTP_DOT, "250 2.0.0 queued\r\n", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct smtp_answer answer = {.stage = rows[i].stage};

		assert_true(smtp_reply_parse(rows[i].reply, strlen(rows[i].reply), &answer) > 0);
		if (send_judge(&answer, "", false).is_soft != rows[i].of_relay ||
		    send_judge(&answer, "", true).is_soft != rows[i].of_domain)
			fail_msg("%s", rows[i].reply);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_answer),
	    cmocka_unit_test(what_counts_as_soft),
	    cmocka_unit_test(what_never_was_a_servers_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
