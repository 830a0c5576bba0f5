/*
 * signature.h - requests that are signed: HMAC-SHA256 over the raw bytes of the body.  Pure.
 *
 * For every door whose senders sign. Take the body as it came (http_body()), before it is inflated
 * or parsed; keep secrets in struct ing_sources, two for each source while they are changed; and
 * compare with ing_signature_matches(), which takes the same time for every answer.
 */
#ifndef NURTURE_INGEST_SIGNATURE_H
#define NURTURE_INGEST_SIGNATURE_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "services/ingest/source.h"

/* Is that text the base64, with padding, of the HMAC of signed_bytes under the key? */
bool ing_signature_matches(struct slice key, struct slice signed_bytes, struct slice base64);

enum {
	ING_WEBHOOK_TOLERANCE_S = 300, /* that a timestamp may be off, in either direction */
	ING_WEBHOOK_SIGNATURES_MAX = 16,
};

/* The headers of Standard Webhooks 1.0 (standardwebhooks.com): NULL when absent. */
struct ing_webhook {
	const char *id;         /* webhook-id */
	const char *timestamp;  /* webhook-timestamp: seconds since 1970 */
	const char *signatures; /* webhook-signature: "v1,BASE64", several with blanks between */
};

/*
 * The index of the source one of whose secrets (ing_token.key) has signed "ID.TIMESTAMP.BODY", and
 * in *ret_types what it may publish; -1: nobody has, and err says what is wrong.
 */
int ing_webhook_source(const struct ing_sources *sources, const struct ing_webhook *webhook,
		       struct slice body, int64_t now_ms, struct arena *arena,
		       const struct ing_types **ret_types, struct err *err);

#endif
