/* classify.c - see classify.h. */
#include "classify.h"

#include <string.h>
#include <strings.h>

/* Refusals of us, not of the mail: the next configuration will be accepted. */
static bool is_about_us(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

enum send_verdict send_classify(const struct smtp_answer *answer)
{
	int kind = answer->code / 100;

	if (answer->was_invalid)
		return SEND_REFUSED;
	if (answer->stage == SMTP_DOT) {
		if (kind == 2)
			return SEND_SENT;
		if (kind != 4 && kind != 5)
			return SEND_IN_DOUBT;
	}
	if (answer->was_stopped)
		return SEND_NOT_SENT;
	if (kind == 5 && answer->stage != SMTP_CONNECT && !is_about_us(answer->code))
		return SEND_REFUSED;
	return SEND_LATER;
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
