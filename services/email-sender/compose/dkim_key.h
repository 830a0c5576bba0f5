/*
 * dkim_key.h - the private keys that mails are signed with (RFC 6376 3.3,
 * RFC 8301, RFC 8463), and what DNS has to say of them.
 *
 * All keys of a list sign every mail, so that one can be replaced by another
 * without a gap, and an Ed25519 key stand beside the RSA key that everybody
 * understands.  This reads bytes only; dkim_files.c reads files.
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_DKIM_KEY_H
#define NURTURE_EMAIL_SENDER_COMPOSE_DKIM_KEY_H

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/mail/address.h"

enum {
	DKIM_KEYS_MAX = 4,
	DKIM_SELECTOR_BYTES = 64,
	DKIM_RSA_MIN_BITS = 1024, /* verifiers refuse less, RFC 8301 3.2 */
	DKIM_RSA_MAX_BITS = 4096, /* and need not take more */
	DKIM_PEM_MAX_BYTES = 16 * 1024,
};

struct dkim_key {
	char selector[DKIM_SELECTOR_BYTES];
	const char *algorithm; /* "rsa-sha256" or "ed25519-sha256" */
	bool is_rsa;
	void *private_key; /* EVP_PKEY */
};

struct dkim_keys {
	char domain[HOST_NAME_BYTES]; /* d=, in A-labels */
	struct dkim_key items[DKIM_KEYS_MAX];
	unsigned count;
};

/* Adds the key of a PEM file (PKCS#8, or RSA's own form) that is not encrypted. */
int dkim_keys_add(struct dkim_keys *keys, struct slice selector, struct slice pem, struct err *err);
int dkim_keys_set_domain(struct dkim_keys *keys, const char *domain, struct err *err);
void dkim_keys_free(struct dkim_keys *keys);

/* Appends a line of a zone file, without newline: "selector._domainkey.domain. IN TXT ( ... )". */
int dkim_key_record(const struct dkim_keys *keys, const struct dkim_key *key, struct buf *out,
		    struct err *err);

#endif
