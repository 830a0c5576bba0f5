/*
 * verp.h - the return path of one mail: bounce+TOKEN@DOMAIN (variable envelope
 * return path), so that a bounce says by itself which mail it is about.
 *
 * TOKEN is BASE32(16 bytes of the send, HMAC-SHA256 cut to 80 bits), lower
 * case, 42 characters; the local part is 49 of the 64 that RFC 5321 4.5.3.1.1
 * allows.  Mail servers change the case of local parts, so reading ignores it.
 * A send's id is 32 hex digits (base/hash.h) and comes back whole.  An id of
 * another shape stands as its hash: it can be compared, not read.  Pure.
 */
#ifndef NURTURE_TOKEN_VERP_H
#define NURTURE_TOKEN_VERP_H

#include "common/base/err.h"
#include "common/base/hash.h"
#include "common/base/slice.h"

#define VERP_PREFIX "bounce+"

enum {
	VERP_TOKEN_CHARS = 42,
	VERP_LOCAL_BYTES = sizeof(VERP_PREFIX) + VERP_TOKEN_CHARS, /* with its NUL */
	VERP_KEY_MIN_BYTES = 16,
};

/* Writes what a token says of the send: its id or, when that is not 32 hex digits, its hash. */
void verp_send(struct slice send, char ret[ID_TEXT_BYTES]);

/* Refuses (ERR_CONFIG) a key of return paths that is too short, or longer than any. */
int verp_check_key(struct slice key, struct err *err);

/* Makes the local part. -1: the key is too short, or the send is empty. */
int verp_make(struct slice key, struct slice send, char ret[VERP_LOCAL_BYTES], struct err *err);

/*
 * Reads which send a bounce is about, in constant time.  local is what stands before the "@"; -1
 * for any that was not made with the key.
 */
int verp_open(struct slice key, struct slice local, char ret[ID_TEXT_BYTES], struct err *err);

#endif
