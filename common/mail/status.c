/* status.c - see status.h. */
#include "status.h"

#include <stdio.h>
#include <stdlib.h>

#include "words.h"

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
    {5, 1, 1, BOUNCE_HARD},  /* no such mailbox */
    {5, 1, 2, BOUNCE_HARD},  /* no such domain */
    {5, 1, 3, BOUNCE_HARD},  /* no address at all */
    {5, 1, 6, BOUNCE_HARD},  /* moved */
    {5, 1, 10, BOUNCE_HARD},  /* RFC 7505: the domain takes no mail; Exchange: not found */
    {5, 1, 351, BOUNCE_HARD}, /* Exchange Online: the next server knows nobody */
    {5, 2, 1, BOUNCE_HARD},   /* disabled */
    {5, 2, 2, BOUNCE_SOFT},   /* full */
    {5, 2, 3, BOUNCE_POLICY}, /* too large for this mailbox */
    {5, 2, 4, BOUNCE_SOFT},
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
		if ((c[0] == '4' || c[0] == '5') && c[1] >= '0' && c[1] <= '7' && is_digit(c[2]) && ends)
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

static int kind_of_reply(int reply)
{
	if (reply == 551)
		return BOUNCE_HARD;
	return reply / 100 == 4 || reply == 552 ? BOUNCE_SOFT : UNSAID;
}

static bool is_of_sender(const char *status)
{
	return strcmp(status, "5.1.7") == 0 || strcmp(status, "5.1.8") == 0;
}

enum bounce_kind status_classify(const char *status, int reply, struct slice text)
{
	int said = kind_of_status(status);
	bool is_transient = status[0] == '4' || (!status[0] && reply / 100 == 4);
	char prepared[WORDS_TEXT_MAX_BYTES + 1];
	struct words_verdict verdict;

	if (said == BOUNCE_NONE)
		return BOUNCE_NONE;
	/* "5.1.8 domain does not exist": ours, not theirs. */
	if (is_of_sender(status))
		return BOUNCE_POLICY;
	if (said == UNSAID)
		said = kind_of_reply(reply);
	words_prepare(text, prepared);
	if (words_judge(prepared, &verdict) && (!verdict.is_weak || said == UNSAID)) {
		/* "user unknown, try later": only what is final silences a person. */
		if (verdict.kind == BOUNCE_HARD && is_transient)
			return BOUNCE_SOFT;
		/* 4.7.x says "later" too, but why as well. */
		if (verdict.kind == BOUNCE_SOFT && said == BOUNCE_POLICY && status[0] == '4')
			return BOUNCE_POLICY;
		return verdict.kind;
	}
	/* Nobody knows why: five of them in a month are as much as a hard one. */
	return said == UNSAID ? BOUNCE_SOFT : (enum bounce_kind)said;
}
