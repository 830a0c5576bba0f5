/*
 * webhook.h - signatures of Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA256 over
 * "ID.TIMESTAMP.BODY", in base64 behind "v1,".  Pure.
 */
#ifndef NURTURE_TOKEN_WEBHOOK_H
#define NURTURE_TOKEN_WEBHOOK_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"

enum {
	WEBHOOK_KEY_MAX_BYTES = 64,
	WEBHOOK_KEY_MIN_BYTES = 24,
	WEBHOOK_KEYS_MAX = 2, /* the old and the new one, while they are changed */
};
#define WEBHOOK_SECRET_PREFIX "whsec_"

struct webhook_key {
	uint8_t bytes[WEBHOOK_KEY_MAX_BYTES];
	size_t len;
};

/* "whsec_BASE64" of 24 to 64 bytes. -1: it is none; the error shows nothing of it. */
int webhook_key_read(struct slice secret, struct webhook_key *ret, struct err *err);

/* What is signed; timestamp in seconds since 1970, as it stands in the header. */
struct slice webhook_signed(const char *id, const char *timestamp, struct slice body,
			    struct arena *arena);

/* The header webhook-signature: one signature for each key, with blanks between. */
const char *webhook_signatures(const struct webhook_key *keys, size_t count, const char *id,
			       const char *timestamp, struct slice body, struct arena *arena);

#endif
