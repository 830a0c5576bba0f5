/*
 * frame.h - what holds a mail together: its two parts and the boundary between
 * them, and the signatures in front, all in one buffer and written once.  Pure.
 *
 * frame_begin(), then the header, then the parts, then frame_end().
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_FRAME_H
#define NURTURE_EMAIL_SENDER_COMPOSE_FRAME_H

#include "dkim.h"
#include "nurture/v1/delivery.pb-c.h"

/* Empties out, and leaves room for the signatures. signer NULL: the mail is not signed. */
void frame_begin(const struct dkim_signer *signer, struct buf *out);
/* Adds a part. id is the send's; the boundary in the header is "=_" and that id. */
void frame_part(const char *id, const char *type, const struct buf *rendered, struct buf *out);
/* Ends and signs the mail; ret is the whole of it, in out. -1: it is too large. */
int frame_end(struct dkim_signer *signer, const Nurture__V1__DeliveryEffect *effect,
	      struct buf *out, struct slice *ret, struct err *err);

#endif
