/* classify.c - see classify.h. */
#include "classify.h"

#include <string.h>
#include <strings.h>

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

static bool has_any(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcasestr(text, *words))
			return true;
	return false;
}

/* 5.1.x of the recipient; 5.1.7, 5.1.8 and 5.1.9 are about the sender. */
static const char *const dead_codes[] = {"5.1.0", "5.1.1", "5.1.2", "5.1.3",  "5.1.4",
					 "5.1.6", "5.2.1", "5.4.1", "5.1.10", NULL};
/* Where the code is missing, or lies (5.0.0, 5.7.1): as servers say it to RCPT. */
static const char *const dead_words[] = {"user unknown",
					 "unknown user",
					 "no such user",
					 "no such recipient",
					 "no such mailbox",
					 "no such address",
					 "mailbox not found",
					 "user not found",
					 "recipient unknown",
					 "unknown recipient",
					 "does not exist",
					 "doesn't exist",
					 "no mailbox here",
					 "invalid mailbox",
					 "mailbox unavailable: unknown",
					 NULL};
/* Said of one mailbox, although they begin with 5.7: closed, or for others than us only. */
static const char *const personal_codes[] = {"5.7.2",  "5.7.3",  "5.7.13", "5.7.17",
					     "5.7.18", "5.7.19", NULL};
static const char *const grey_words[] = {"greylist",  "graylist",     "grey-list",
					 "gray-list", "try again in", NULL};
static const char *const haste_words[] = {"rate limit",
					  "too many",
					  "too fast",
					  "throttl",
					  "unusual rate",
					  "limit exceeded",
					  "too much mail",
					  "exceeded the",
					  "temporarily deferred",
					  NULL};

static bool is_bad_address(const struct smtp_answer *answer)
{
	if (answer->code / 100 != 5 || answer->stage < SMTP_RCPT)
		return false;
	if (is_one_of(answer->enhanced, dead_codes))
		return true;
	/* After DATA texts speak of many things, at RCPT of the person only. */
	return answer->stage == SMTP_RCPT && has_any(answer->text, dead_words);
}

static struct send_judgement later(const char *rule, enum lane_news news)
{
	return (struct send_judgement){.verdict = SEND_LATER, .rule = rule, .news = news};
}

static bool is_policy(const char *enhanced)
{
	return strncmp(enhanced, "5.7.", 4) == 0 && !is_one_of(enhanced, personal_codes);
}

/* Login and TLS: no mail at all will be taken before somebody has changed a setting. */
static bool is_about_login(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

static struct send_judgement judge_temporary(const struct smtp_answer *answer)
{
	bool is_haste = has_any(answer->text, haste_words);

	if (answer->code == 421)
		return later("slowed", LANE_TOO_FAST);
	if (answer->stage >= SMTP_RCPT && !is_haste &&
	    (answer->code == 450 ||
	     (answer->code == 451 && strcmp(answer->enhanced, "4.7.1") == 0) ||
	     has_any(answer->text, grey_words)))
		return later("greylisted", LANE_WELL);
	if (strncmp(answer->enhanced, "4.7.", 4) == 0 || is_haste)
		return later("slowed", LANE_TOO_FAST);
	return later("retry", LANE_NO_NEWS);
}

static struct send_judgement judge_permanent(const struct smtp_answer *answer)
{
	struct send_judgement refused = {.verdict = SEND_REFUSED, .rule = "", .news = LANE_WELL};

	refused.is_bad_address = is_bad_address(answer);
	if (refused.is_bad_address)
		return refused;
	if (is_about_login(answer->code))
		return later("blocked", LANE_REFUSED_SURELY);
	/* 5.7.0 and 5.7.1 are said of anything: one of them proves nothing yet. */
	if (is_policy(answer->enhanced))
		return later("blocked", strcmp(answer->enhanced, "5.7.0") == 0 ||
						strcmp(answer->enhanced, "5.7.1") == 0
					    ? LANE_REFUSED
					    : LANE_REFUSED_SURELY);
	/* 552 without "too big": full, for which older servers have no 452 (RFC 5321 4.5.3.1.10).
	 */
	if (strcmp(answer->enhanced, "5.2.2") == 0 ||
	    (answer->code == 552 && !answer->enhanced[0] && answer->stage == SMTP_RCPT))
		return later("retry", LANE_WELL);
	return refused;
}

/*
 * A relay that is away is asked again with each mail.  Of other people's
 * servers some always are, and must not keep all connections busy with trying.
 */
static enum lane_news silence(bool is_direct)
{
	return is_direct ? LANE_TOO_FAST : LANE_NO_NEWS;
}

/* No connection, or one without a login: never the mail's fault. */
static struct send_judgement judge_connecting(const struct smtp_answer *answer, bool is_direct)
{
	if (is_about_login(answer->code) || is_policy(answer->enhanced))
		return later("blocked", LANE_REFUSED_SURELY);
	if (!answer->code && is_one_of(answer->enhanced, dead_codes)) {
		/* The DNS has no such domain today. When it has none tomorrow, nobody is there. */
		struct send_judgement ret = later("retry", LANE_NO_NEWS);

		ret.is_bad_address = true;
		return ret;
	}
	if (answer->code)
		return later(answer->code == 421 ? "slowed" : "retry", LANE_TOO_FAST);
	return later("retry", silence(is_direct));
}

static struct send_judgement judge(const struct smtp_answer *answer, bool is_direct)
{
	int kind = answer->code / 100;

	if (answer->was_invalid)
		return (struct send_judgement){.verdict = SEND_REFUSED, .rule = ""};
	if (answer->stage == SMTP_DOT && kind == 2)
		return (struct send_judgement){.verdict = SEND_SENT, .rule = "", .news = LANE_WELL};
	if (answer->stage == SMTP_DOT && kind != 4 && kind != 5)
		return (struct send_judgement){.verdict = SEND_IN_DOUBT, .rule = ""};
	if (answer->was_stopped)
		return (struct send_judgement){.verdict = SEND_NOT_SENT, .rule = ""};
	if (answer->stage == SMTP_CONNECT)
		return judge_connecting(answer, is_direct);
	if (kind == 5)
		return judge_permanent(answer);
	if (kind == 4)
		return judge_temporary(answer);
	return later("retry", silence(is_direct));
}

struct send_judgement send_judge(const struct smtp_answer *answer, bool is_direct)
{
	struct send_judgement ret = judge(answer, is_direct);

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
