/*
 * return_token.h - whose mail came back, said by the mail itself: its send and
 * its customer, signed.
 *
 * Who reads bounces keeps no state, so what comes back must say to whom it
 * belongs.  TOKEN is BASE32(what is inside, HMAC-SHA256 cut to 80 bits), lower
 * case (mail servers change the case of local parts).  It stands
 *   - in the return path, bounce+TOKEN@DOMAIN, when it fits into the 64 octets
 *     of a local part (RFC 5321 4.5.3.1.1): customers that are numbers, up to 8
 *     bytes of text or 16 hex digits; UUIDs, 32 hex digits and text of up to 16
 *     bytes with only the first half of the send's id.  Where the customer does
 *     not fit, the path is verp.h's, which names the send alone;
 *   - in the header X-Nurture-Return, and in what a provider gives back in its
 *     webhooks, whole and whatever its length.
 * Pure.
 */
#ifndef NURTURE_TOKEN_RETURN_TOKEN_H
#define NURTURE_TOKEN_RETURN_TOKEN_H

#include "token_keys.h"
#include "verp.h"

enum {
	RETURN_LOCAL_BYTES = 65, /* "bounce+TOKEN" and its NUL */
	RETURN_CUSTOMER_MAX_BYTES = 200,
	RETURN_TOKEN_BYTES = 365, /* the longest, with its NUL */
};

struct return_token {
	char send[ID_TEXT_BYTES]; /* 32 hex digits, or the first 16 of them; see verp_send() */
	char customer[RETURN_CUSTOMER_MAX_BYTES + 1]; /* "" when the token does not say */
};

/*
 * Makes the local part of a return path. -1: the key is too short, or send or customer is empty or
 * too long.
 */
int return_local_make(struct slice key, struct slice send, struct slice customer,
		      char ret[RETURN_LOCAL_BYTES], struct err *err);
int return_token_make(struct slice key, struct slice send, struct slice customer,
		      char ret[RETURN_TOKEN_BYTES], struct err *err);

/*
 * Reads a token, or "bounce+TOKEN", in small letters or capitals.  False for any that was not made
 * with one of the keys.
 */
bool return_token_open(const struct token_keys *keys, struct slice text, struct return_token *ret);

#endif
