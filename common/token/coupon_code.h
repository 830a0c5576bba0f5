/*
 * coupon_code.h - codes that the shop can check without a list.
 *
 * PREFIX-XXXXXXXXXC: characters of Crockford's base 32 (no I, L, O, U) of
 * HMAC-SHA256(key, source name, NUL, request id), five bits each, the first
 * bits first; the last one is a check character over the others, which no
 * single wrong and no two exchanged characters pass.  Pure.
 */
#ifndef NURTURE_TOKEN_COUPON_CODE_H
#define NURTURE_TOKEN_COUPON_CODE_H

#include <stdbool.h>

#include "common/base/slice.h"
#include "common/policy/policy.h"

enum {
	COUPON_KEY_MIN_BYTES = 16,
	COUPON_PREFIX_MAX_BYTES = 200,
	COUPON_LENGTH_LEAST = 8,
	COUPON_LENGTH_MOST = 20,
	COUPON_CODE_BYTES = COUPON_PREFIX_MAX_BYTES + 1 + COUPON_LENGTH_MOST + 1, /* with its NUL */
};

/* Writes the code of a request; source is one of the signed kind. */
void coupon_code_make(struct slice key, const struct coupon *source, struct slice request,
		      char ret[COUPON_CODE_BYTES]);

enum coupon_verdict {
	COUPON_GOOD,
	COUPON_MISREAD, /* not a code of this source, or one with a wrong character */
	COUPON_FORGED,  /* well formed, but not drawn from this source for this request */
};
/*
 * Is the text the code of that request?  Small letters are taken for capitals, and O, I and L for
 * the digits that they are mistaken for.
 */
enum coupon_verdict coupon_code_check(struct slice key, const struct coupon *source,
				      struct slice request, struct slice code);

#endif
