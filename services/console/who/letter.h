/* letter.h - the mail with a link to sign in.  Pure. */
#ifndef NURTURE_CONSOLE_WHO_LETTER_H
#define NURTURE_CONSOLE_WHO_LETTER_H

#include "common/base/buf.h"
#include "common/policy/policy.h"

enum { CON_LETTER_MAX_BYTES = 16 * 1024 };

struct con_letter {
	const struct policy *policy; /* whose shop it is from */
	const char *to, *subject, *text;
	const char *id; /* of the Message-ID, before the "@" */
	int64_t now_ms;
};

/* The whole mail, with CRLF. */
void con_letter_write(const struct con_letter *letter, struct buf *out);

#endif
