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

/* Empties out, but for room for the signatures. signer: NULL for a mail that is not signed. */
void frame_begin(const struct dkim_signer *signer, struct buf *out);
/* id: the send's; the header's boundary is "=_" and that. */
void frame_part(const char *id, const char *type, const struct buf *rendered, struct buf *out);
/* ret: the whole mail, in out. -1 when it is too large. */
int frame_end(struct dkim_signer *signer, const Nurture__V1__DeliveryEffect *effect,
	      struct buf *out, struct slice *ret, struct err *err);

#endif
