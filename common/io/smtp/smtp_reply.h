/*
 * smtp_reply.h - a server's reply, read strictly.  Pure.
 *
 * "250-first" CRLF ... "250 last" CRLF: the same code on all lines, 2xx to
 * 5xx, CRLF only, bounded.  What is not that is no reply.
 */
#ifndef NURTURE_IO_SMTP_SMTP_REPLY_H
#define NURTURE_IO_SMTP_SMTP_REPLY_H

#include <stddef.h>

#include "smtp.h"

enum {
	SMTP_REPLY_MAX_BYTES = 8192,
	SMTP_REPLY_LINE_MAX_BYTES = 1000,
	SMTP_REPLY_LINES_MAX = 64,
};

/*
 * Reads the reply at the beginning of bytes into code, enhanced and text of ret.  Returns its
 * length, 0 when it is not complete yet, -1 when it never will be a reply.
 */
int smtp_reply_parse(const char *bytes, size_t len, struct smtp_answer *ret);

#endif
