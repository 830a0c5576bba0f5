/*
 * token.h - the key in the link of a feedback page: who is asked, about which
 * order, on which rung.  Pure; the secret is an argument.
 *
 *	v1.<base64url of FeedbackToken>.<base64url of 16 bytes of HMAC-SHA256>
 *
 * It says who may speak for whom and nothing else: not secret to its holder,
 * not to be made or changed by anybody without the key.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_TOKEN_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_TOKEN_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/token/token_keys.h"

enum {
	SOL_TOKEN_MAX_BYTES = 1024,
	SOL_TOKEN_KEY_MIN_BYTES = TOKEN_KEY_MIN_BYTES,
	SOL_RUNG_MAX_BYTES = 64,
};

struct sol_token {
	const char *customer; /* an id */
	const char *order;    /* an id, or "" */
	const char *rung;
};

/* The text is the arena's. */
const char *sol_token_make(const struct sol_token *token, struct slice key, struct arena *arena);
/* Takes only what sol_token_make() gave with one of the keys; *ret is the arena's. */
int sol_token_parse(struct slice text, const struct token_keys *keys, struct arena *arena,
		    struct sol_token *ret, struct err *err);

#endif
