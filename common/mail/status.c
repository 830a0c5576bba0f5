/* status.c - see status.h. */
#include "status.h"

#include <stdio.h>

enum { UNSAID = -1, ANY = -1 };

/* In this order; the first that fits. */
static const struct {
	int class, subject, detail;
	int kind;
} meanings[] = {
    {2, ANY, ANY, BOUNCE_NONE},
    {4, 7, ANY, BOUNCE_POLICY}, /* slow down: about the sender's speed or name */
    {4, ANY, ANY, BOUNCE_SOFT},
    {5, 0, ANY, UNSAID},
    {5, 1, 1, BOUNCE_HARD},    /* no such mailbox */
    {5, 1, 2, BOUNCE_HARD},    /* no such domain */
    {5, 1, 3, BOUNCE_HARD},    /* no address at all */
    {5, 1, 6, BOUNCE_HARD},    /* moved */
    {5, 1, 10, BOUNCE_HARD},   /* RFC 7505: the domain takes no mail; Exchange: not found */
    {5, 1, 20, BOUNCE_POLICY}, /* Exchange: From of several addresses */
    {5, 1, 21, BOUNCE_POLICY},
    {5, 1, 90, BOUNCE_POLICY}, /* Exchange Online: more than it lets anybody send in a day */
    {5, 1, 351, BOUNCE_HARD},  /* Exchange Online: the next server knows nobody */
    {5, 2, 1, BOUNCE_HARD},    /* disabled */
    {5, 2, 2, BOUNCE_SOFT},    /* full */
    {5, 2, 3, BOUNCE_POLICY},  /* too large for this mailbox */
    {5, 2, 4, BOUNCE_SOFT},
    {5, 2, 121, BOUNCE_POLICY}, /* Exchange Online: more from us than it takes for one person */
    {5, 2, 122, BOUNCE_POLICY},
    {5, 3, 4, BOUNCE_POLICY}, /* too large for the system */
    {5, 3, 0, UNSAID},
    {5, 3, ANY, BOUNCE_SOFT},
    {5, 4, 1, BOUNCE_HARD}, /* Exchange Online: recipient rejected at the edge */
    {5, 4, 4, BOUNCE_HARD}, /* no such host */
    {5, 4, 310, BOUNCE_HARD},
    {5, 4, ANY, BOUNCE_SOFT},
    {5, 6, ANY, BOUNCE_POLICY},
    {5, 7, 13, BOUNCE_HARD}, /* account disabled */
    {5, 7, ANY, BOUNCE_POLICY},
};

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* How many characters of text from at on are a code; 0: none begins there. */
static size_t code_at(struct slice text, size_t at)
{
	const uint8_t *c = text.bytes + at;
	size_t left = text.len - at, len = 4;

	if (left < 5 || (c[0] != '2' && c[0] != '4' && c[0] != '5') || c[1] != '.' || c[2] < '0' ||
	    c[2] > '7' || c[3] != '.' || !is_digit(c[4]))
		return 0;
	if (at > 0 && (is_digit(c[-1]) || c[-1] == '.' || c[-1] == '_'))
		return 0;
	while (len < left && is_digit(c[len]))
		len++;
	if (len > 7 || (len < left && c[len] == '.' && len + 1 < left && is_digit(c[len + 1])))
		return 0;
	return len;
}

bool status_find(struct slice text, char ret[BOUNCE_STATUS_BYTES])
{
	for (size_t i = 0; i < text.len; i++) {
		size_t len = code_at(text, i);

		if (!len)
			continue;
		snprintf(ret, BOUNCE_STATUS_BYTES, "%.*s", (int)len, (const char *)text.bytes + i);
		return true;
	}
	return false;
}

int status_reply(struct slice text)
{
	for (size_t i = 0; i + 3 <= text.len; i++) {
		const uint8_t *c = text.bytes + i;
		bool ends = i + 3 == text.len || strchr(" -:,;]\r\n\t", c[3]);

		if (i > 0 && !strchr(" :;<>[]('\"\t\r\n", c[-1]))
			continue;
		if ((c[0] == '4' || c[0] == '5') && c[1] >= '0' && c[1] <= '7' && is_digit(c[2]) &&
		    ends)
			return (c[0] - '0') * 100 + (c[1] - '0') * 10 + (c[2] - '0');
	}
	return 0;
}

static int kind_of_status(const char *status)
{
	int class, subject, detail;

	if (sscanf(status, "%1d.%3d.%3d", &class, &subject, &detail) != 3)
		return UNSAID;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (meanings[i].class == class &&
		    (meanings[i].subject == ANY || meanings[i].subject == subject) &&
		    (meanings[i].detail == ANY || meanings[i].detail == detail))
			return meanings[i].kind;
	return UNSAID;
}

bool status_is_hard(const char *status)
{
	return kind_of_status(status) == BOUNCE_HARD;
}

/* 530 to 538 are about TLS and login, 556 is a domain without mail (RFC 7504). */
static int kind_of_reply(int reply)
{
	switch (reply) {
	case 530:
	case 534:
	case 535:
	case 538:
		return BOUNCE_POLICY;
	case 551:
	case 556:
		return BOUNCE_HARD;
	default:
		return reply / 100 == 4 || reply == 552 ? BOUNCE_SOFT : UNSAID;
	}
}

static bool is_of_sender(const char *status)
{
	return strcmp(status, "5.1.7") == 0 || strcmp(status, "5.1.8") == 0;
}

/* Postfix and those after it say what they had said. */
static enum refusal_stage stage_of(const char *prepared, enum refusal_stage known)
{
	static const struct {
		const char *words;
		enum refusal_stage stage;
	} replies[] = {
	    {"in reply to mail from", REFUSAL_BEFORE_RCPT},
	    {"in reply to helo", REFUSAL_BEFORE_RCPT},
	    {"in reply to ehlo", REFUSAL_BEFORE_RCPT},
	    {"in reply to end of data", REFUSAL_AFTER_DATA},
	    {"in reply to data", REFUSAL_AFTER_DATA},
	    {"in reply to rcpt to", REFUSAL_AT_RCPT},
	};

	for (size_t i = 0; known == REFUSAL_SOMEWHERE && i < sizeof(replies) / sizeof(*replies);
	     i++)
		if (strstr(prepared, replies[i].words))
			return replies[i].stage;
	return known;
}

/* Do the words decide? They do against a code that is said of anything, or when they are clear. */
static bool ask_words(const struct refusal *refusal, const char *prepared, int said,
		      enum refusal_stage stage, struct phrase_verdict *ret)
{
	if (!phrases_judge(prepared, said == UNSAID ? BOUNCE_NONE : (enum bounce_kind)said, ret))
		return false;
	/* Cisco's answer for whom it does not know is "5.1.0 Address rejected". */
	if (ret->is_weak && strcmp(refusal->status, "5.1.0") == 0 &&
	    strstr(prepared, "address rejected"))
		*ret = (struct phrase_verdict){
		    .kind = BOUNCE_HARD, .about = PHRASE_NO_SUCH_USER, .phrase = ret->phrase};
	/* Behind DATA texts speak of many things, at RCPT of the person only. */
	if (ret->is_vague && stage == REFUSAL_AFTER_DATA)
		return false;
	return !ret->is_weak || said == UNSAID;
}

/* Weakens a kind that is not final, or was said before any recipient was named. */
static enum bounce_kind restrained(enum bounce_kind kind, const struct refusal *refusal,
				   enum refusal_stage stage)
{
	const char *status = refusal->status;
	/* "5.0.0" is what a report says of "421" when it gives up. */
	bool is_said_by_reply = !status[0] || strcmp(status, "5.0.0") == 0;
	bool is_transient = status[0] == '4' || (is_said_by_reply && refusal->reply / 100 == 4);

	if (kind == BOUNCE_HARD && stage == REFUSAL_BEFORE_RCPT)
		return BOUNCE_POLICY;
	/* "user unknown, try later": only what is final silences a person. */
	return kind == BOUNCE_HARD && is_transient ? BOUNCE_SOFT : kind;
}

struct refusal_verdict refusal_judge(const struct refusal *refusal)
{
	const char *status = refusal->status, *at = strchr(refusal->recipient, '@');
	struct slice local =
	    slice_of(refusal->recipient, at ? (size_t)(at - refusal->recipient) : 0);
	char prepared[PHRASES_TEXT_MAX_BYTES + 1];
	int said = kind_of_status(status);
	struct phrase_verdict words;
	enum refusal_stage stage;

	if (said == BOUNCE_NONE)
		return (struct refusal_verdict){.kind = BOUNCE_NONE};
	/* "5.1.8 domain does not exist": ours, not theirs. */
	if (is_of_sender(status))
		return (struct refusal_verdict){.kind = BOUNCE_POLICY, .about = PHRASE_SENDER};
	if (said == UNSAID)
		said = kind_of_reply(refusal->reply);
	phrases_prepare(refusal->text, local, prepared);
	stage = stage_of(prepared, refusal->stage);
	if (!ask_words(refusal, prepared, said, stage, &words))
		/* Nobody knows why; five such refusals in a month are as much as a hard one. */
		words = (struct phrase_verdict){.kind = said == UNSAID ? BOUNCE_SOFT
								       : (enum bounce_kind)said};
	/* 4.7.x says "later" too, but why as well. */
	if (words.kind == BOUNCE_SOFT && said == BOUNCE_POLICY && status[0] == '4')
		words.kind = BOUNCE_POLICY;
	return (struct refusal_verdict){restrained(words.kind, refusal, stage), words.about,
					words.phrase};
}
