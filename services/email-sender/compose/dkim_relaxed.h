/*
 * dkim_relaxed.h - the "relaxed" forms of DKIM (RFC 6376 3.4.2, 3.4.4): what a
 * mail is apart from blanks that servers on its way may change.  Pure.
 *
 * Lines end in CRLF.  A CR or LF alone, which no mail of ours has, is a byte
 * like any other in a body, and nothing in a field.
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_DKIM_RELAXED_H
#define NURTURE_EMAIL_SENDER_COMPOSE_DKIM_RELAXED_H

#include "common/base/buf.h"
#include "common/base/slice.h"

/* Appends the relaxed body: nothing, or whole lines of which the last is not empty. */
void dkim_relaxed_body(struct slice body, struct buf *out);

/* Appends a field, with or without its last CRLF, folded or not, as "name:value" without CRLF. */
void dkim_relaxed_field(struct slice field, struct buf *out);

#endif
