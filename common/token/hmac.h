/*
 * hmac.h - HMAC-SHA256 (RFC 2104, FIPS 198-1), for tokens that are signed by
 * the thousand.
 *
 * libcrypto's HMAC() looks its algorithm up again at every call, which takes six
 * to nine times as long for 60 bytes; this works on the hash itself.  A context of
 * EVP_MAC that is kept takes 0.9 to 1.5 times as long, and would have to be kept
 * for each key and thread.
 */
#ifndef NURTURE_TOKEN_HMAC_H
#define NURTURE_TOKEN_HMAC_H

#include "common/base/slice.h"

enum { HMAC_BYTES = 32 };

/* Writes the HMAC-SHA256 of text; a key may have any length. */
void hmac_sha256(struct slice key, struct slice text, uint8_t ret[HMAC_BYTES]);

enum { HMAC_TAG_TEXT_MAX_BYTES = 512 };

/*
 * Writes the first ret_len bytes of the HMAC of purpose, its NUL and the body: since each kind of
 * token has a purpose of its own, none is taken for one of another kind.  purpose and body have
 * HMAC_TAG_TEXT_MAX_BYTES at most.
 */
void hmac_tag(struct slice key, const char *purpose, struct slice body, uint8_t *ret,
	      size_t ret_len);

#endif
