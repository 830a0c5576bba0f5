/*
 * dkim.h - signs a finished mail (RFC 6376): one DKIM-Signature for each key,
 * relaxed/relaxed.  The same mail gives the same signatures.
 *
 * It signs every header field that we write and that means something to the
 * reader.  A field that must not be added on the way is named once more than the
 * mail has it (5.4.2), even if the mail has none.
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_DKIM_H
#define NURTURE_EMAIL_SENDER_COMPOSE_DKIM_H

#include "dkim_key.h"

/* Each thread has a signer with contexts of its own, so that signing meets no lock of libcrypto. */
struct dkim_signer;

/* Opens a signer; the keys are copied. */
int dkim_signer_open(struct dkim_signer **ret, const struct dkim_keys *keys, struct err *err);
/* NULL-safe, sets NULL. */
void dkim_signer_close(struct dkim_signer **signer);

/* Returns how many bytes the signatures of a mail have at most. */
size_t dkim_max_bytes(const struct dkim_signer *signer);

/*
 * Makes the header fields that belong before the mail, with CRLF.  mail: header, empty line, body,
 * all in CRLF, before dots are doubled; at most 64 fields.  time_s is t=.  ret is valid until the
 * next call.
 */
int dkim_sign(struct dkim_signer *signer, struct slice mail, int64_t time_s, struct slice *ret,
	      struct err *err);

#endif
