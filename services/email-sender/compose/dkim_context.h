/* dkim_context.h - a key ready to sign, for one thread.  Only for dkim.c and mail_bench. */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_DKIM_CONTEXT_H
#define NURTURE_EMAIL_SENDER_COMPOSE_DKIM_CONTEXT_H

#include "dkim_key.h"

enum { DKIM_HASH_BYTES = 32, DKIM_SIGNATURE_MAX_BYTES = DKIM_RSA_MAX_BITS / 8 };

struct dkim_context {
	char selector[DKIM_SELECTOR_BYTES];
	const char *algorithm;
	void *pkey;    /* EVP_PKEY; the thread's own copy */
	void *rsa;     /* EVP_PKEY_CTX, ready to sign digests; NULL: Ed25519 */
	void *ed25519; /* EVP_MD_CTX */
};

/* Makes a key ready; on failure there is nothing to close. */
int dkim_context_open(struct dkim_context *context, const struct dkim_key *key, struct err *err);
void dkim_context_close(struct dkim_context *context);

/*
 * Signs the SHA-256 of the header, by PKCS#1 v1.5 or by PureEdDSA of the 32 bytes (RFC 8463 3).
 * Returns the length of the signature.
 */
size_t dkim_context_sign(struct dkim_context *context, const uint8_t digest[DKIM_HASH_BYTES],
			 uint8_t ret[DKIM_SIGNATURE_MAX_BYTES]);

#endif
