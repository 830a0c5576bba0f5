/* classify.c - see classify.h. */
#include "classify.h"

#include <stdio.h>
#include <string.h>

#include "common/mail/status.h"
#include "common/policy/rule.h"

/* Is the code about one mailbox, although it begins with 5.7: closed, or open to others only? */
static bool is_personal(const char *enhanced)
{
	static const char *const codes[] = {"5.7.2",  "5.7.3",  "5.7.13",
					    "5.7.17", "5.7.18", "5.7.19"};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (strcmp(enhanced, codes[i]) == 0)
			return true;
	return false;
}

static enum refusal_stage stage_of(enum smtp_stage stage)
{
	if (stage < SMTP_RCPT)
		return REFUSAL_BEFORE_RCPT;
	return stage == SMTP_RCPT ? REFUSAL_AT_RCPT : REFUSAL_AFTER_DATA;
}

/* Judges the answer as a report of it by another server would be judged. */
static struct refusal_verdict judge_words(const struct smtp_answer *answer, const char *recipient)
{
	char status[BOUNCE_STATUS_BYTES] = "";

	/* "550 no such user (#5.1.1)": some write the code behind their words. */
	if (answer->enhanced[0])
		snprintf(status, sizeof(status), "%s", answer->enhanced);
	else if (!status_find(slice_text(answer->text), status) || status[0] == '2')
		status[0] = '\0';
	return refusal_judge(&(struct refusal){.status = status,
					       .reply = answer->code,
					       .text = slice_text(answer->text),
					       .recipient = recipient,
					       .stage = stage_of(answer->stage)});
}

static struct send_judgement later(enum rule rule, enum destination_feedback feedback)
{
	return (struct send_judgement){
	    .verdict = SEND_LATER, .rule = rule_text(rule), .feedback = feedback};
}

static bool is_policy(const char *enhanced)
{
	return strncmp(enhanced, "5.7.", 4) == 0 && !is_personal(enhanced);
}

/* Is it about login or TLS? Then no mail will be taken until somebody has changed a setting. */
static bool is_about_login(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

static struct send_judgement judge_temporary(const struct smtp_answer *answer,
					     enum phrase_topic about)
{
	bool is_about_rate = about == PHRASE_RATE;

	if (answer->code == 421)
		return later(RULE_SLOWED, FEEDBACK_SLOW_DOWN);
	/* A mailbox stays full for days, whatever the code, and says nothing of the domain. */
	if (about == PHRASE_MAILBOX_FULL)
		return later(RULE_RETRY, FEEDBACK_NONE);
	if (answer->stage >= SMTP_RCPT && !is_about_rate &&
	    (answer->code == 450 ||
	     (answer->code == 451 && strcmp(answer->enhanced, "4.7.1") == 0) ||
	     about == PHRASE_GREYLISTED))
		return later(RULE_GREYLISTED, FEEDBACK_OK);
	if (strncmp(answer->enhanced, "4.7.", 4) == 0 || is_about_rate)
		return later(RULE_SLOWED, FEEDBACK_SLOW_DOWN);
	return later(RULE_RETRY, FEEDBACK_NONE);
}

/*
 * Is it about us, whatever the code: who we are, who blocks us, how fast we send?  After DATA
 * "spam" is said of this mail, which will be no better later.
 */
static bool is_about_us(const struct smtp_answer *answer, enum phrase_topic about)
{
	return about == PHRASE_SENDER || about == PHRASE_RATE || about == PHRASE_GREYLISTED ||
	       (about == PHRASE_REPUTATION && answer->stage <= SMTP_RCPT);
}

static struct send_judgement judge_permanent(const struct smtp_answer *answer,
					     struct refusal_verdict said)
{
	struct send_judgement refused = {
	    .verdict = SEND_REFUSED, .rule = "", .feedback = FEEDBACK_OK};

	refused.is_bad_address = said.kind == BOUNCE_HARD;
	if (refused.is_bad_address)
		return refused;
	if (is_about_login(answer->code))
		return later(RULE_BLOCKED, FEEDBACK_BLOCKED);
	/* Servers say 5.7.0 and 5.7.1 of anything, so a single one proves nothing yet. */
	if (is_policy(answer->enhanced) && said.about != PHRASE_MAILBOX_FULL)
		return later(RULE_BLOCKED, strcmp(answer->enhanced, "5.7.0") == 0 ||
						   strcmp(answer->enhanced, "5.7.1") == 0
					       ? FEEDBACK_BLOCK_SUSPECTED
					       : FEEDBACK_BLOCKED);
	/* 552 without "too big": full, for which older servers have no 452 (RFC 5321
	 * 4.5.3.1.10). */
	if (said.about == PHRASE_MAILBOX_FULL || said.about == PHRASE_TEMPORARY ||
	    strcmp(answer->enhanced, "5.2.2") == 0 ||
	    (said.kind == BOUNCE_SOFT && answer->code == 552 && !answer->enhanced[0] &&
	     answer->stage == SMTP_RCPT))
		return later(RULE_RETRY, FEEDBACK_OK);
	/* Words about us, with a code about something else, prove no more than 5.7.1. */
	if (is_about_us(answer, said.about))
		return later(RULE_BLOCKED, FEEDBACK_BLOCK_SUSPECTED);
	return refused;
}

/*
 * Returns what silence says of the destination.  A relay that is away is asked again with each
 * mail.  Of other people's servers some are always away, and must not keep all connections busy.
 */
static enum destination_feedback silence(bool is_direct)
{
	return is_direct ? FEEDBACK_SLOW_DOWN : FEEDBACK_NONE;
}

/* Judges a connection that failed, or a refused login: the mail is never to blame. */
static struct send_judgement judge_connecting(const struct smtp_answer *answer, bool is_direct)
{
	if (is_about_login(answer->code) || is_policy(answer->enhanced))
		return later(RULE_BLOCKED, FEEDBACK_BLOCKED);
	if (!answer->code && status_is_hard(answer->enhanced)) {
		/*
		 * The DNS has no such domain today. If it still has none tomorrow, nobody is there.
		 */
		struct send_judgement ret = later(RULE_RETRY, FEEDBACK_NONE);

		ret.is_bad_address = true;
		return ret;
	}
	if (answer->code)
		return later(answer->code == 421 ? RULE_SLOWED : RULE_RETRY, FEEDBACK_SLOW_DOWN);
	return later(RULE_RETRY, silence(is_direct));
}

static struct send_judgement judge(const struct smtp_answer *answer, const char *recipient,
				   bool is_direct)
{
	int kind = answer->code / 100;

	if (answer->was_invalid)
		return (struct send_judgement){.verdict = SEND_REFUSED, .rule = ""};
	if (answer->stage == SMTP_DOT && kind == 2)
		return (struct send_judgement){
		    .verdict = SEND_SENT, .rule = "", .feedback = FEEDBACK_OK};
	if (answer->stage == SMTP_DOT && kind != 4 && kind != 5)
		return (struct send_judgement){.verdict = SEND_IN_DOUBT, .rule = ""};
	if (answer->was_stopped)
		return (struct send_judgement){.verdict = SEND_NOT_SENT, .rule = ""};
	if (answer->stage == SMTP_CONNECT)
		return judge_connecting(answer, is_direct);
	if (kind == 5)
		return judge_permanent(answer, judge_words(answer, recipient));
	if (kind == 4)
		return judge_temporary(answer, judge_words(answer, recipient).about);
	return later(RULE_RETRY, silence(is_direct));
}

/*
 * Would a report of it be a soft bounce?  Not before the server has heard whom the mail is for,
 * since until then it speaks of no person; nor when a relay takes nothing and does not say why,
 * since it may be out of order itself.
 */
static bool is_soft(const struct smtp_answer *answer, const char *recipient, bool is_direct)
{
	struct refusal_verdict said;

	if (answer->stage < SMTP_RCPT || (answer->code / 100 != 4 && answer->code / 100 != 5))
		return false;
	said = judge_words(answer, recipient);
	return said.kind == BOUNCE_SOFT &&
	       (is_direct || said.about == PHRASE_MAILBOX_FULL ||
		(answer->enhanced[0] && strncmp(answer->enhanced + 1, ".2.", 3) == 0));
}

struct send_judgement send_judge(const struct smtp_answer *answer, const char *recipient,
				 bool is_direct)
{
	struct send_judgement ret = judge(answer, recipient, is_direct);

	ret.is_soft = (ret.verdict == SEND_REFUSED || ret.verdict == SEND_LATER) &&
		      !ret.is_bad_address && !answer->was_invalid &&
		      is_soft(answer, recipient, is_direct);
	/* Before RCPT a relay does not know yet whose mail it is. */
	ret.is_about_relay =
	    !is_direct && (answer->stage < SMTP_RCPT || is_about_login(answer->code));
	return ret;
}

void send_redact(char *text, const char *address)
{
	size_t len = strlen(address);
	char *at = text;

	while (len >= 5 && (at = strcasestr(at, address))) {
		memcpy(at, "<...>", 5);
		memmove(at + 5, at + len, strlen(at + len) + 1);
		at += 5;
	}
}
