/*
 * dkim.h - signs a finished mail (RFC 6376): one DKIM-Signature for each key,
 * relaxed/relaxed.  The same mail gives the same signatures.
 *
 * Signed is every header field that we write and that means something to the
 * reader; fields that must not be added on the way are named once more than
 * they are there (5.4.2), also those that are not there at all.
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_DKIM_H
#define NURTURE_EMAIL_SENDER_COMPOSE_DKIM_H

#include "dkim_key.h"

/* Contexts of its own for every thread: libcrypto's locks are not met while signing. */
struct dkim_signer;

/* The keys are copied. */
int dkim_signer_open(struct dkim_signer **ret, const struct dkim_keys *keys, struct err *err);
/* NULL-safe, sets NULL. */
void dkim_signer_close(struct dkim_signer **signer);

/* At most so many bytes are the signatures of a mail. */
size_t dkim_max_bytes(const struct dkim_signer *signer);

/*
 * The header fields that belong before the mail, with CRLF.  mail: header,
 * empty line, body, all in CRLF, before dots are doubled; at most 64 fields.
 * time_s: t=.  ret is valid until the next call.
 */
int dkim_sign(struct dkim_signer *signer, struct slice mail, int64_t time_s, struct slice *ret,
	      struct err *err);

#endif
