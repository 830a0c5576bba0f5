/*
 * click_token.h - where a counted link of a mail leads, and whose it is.
 *
 *	v1.<base64url of the body>.<base64url of 16 bytes of HMAC-SHA256>
 *
 * The body is the mail's id, the customer, the link's name and its address, each text with its
 * length.  Since the address is signed, nobody can make us lead people elsewhere (CWE-601); it is
 * one of http or https in printable ASCII, so that it is a header's value and nothing more.  Like
 * the other links of a mail it never expires.  Pure.
 */
#ifndef NURTURE_TOKEN_CLICK_TOKEN_H
#define NURTURE_TOKEN_CLICK_TOKEN_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/hash.h"
#include "token_keys.h"

/* On our pages' own host, of mails that the shop sends: /c/TOKEN. */
#define CLICK_PATH "/c/"

enum {
	CLICK_CUSTOMER_MAX_BYTES = 200,
	CLICK_LINK_MAX_BYTES = 64,
	CLICK_URL_MAX_BYTES = 1000,
	CLICK_TOKEN_BYTES = 1760, /* the longest, with its NUL */
};

struct click {
	char message[ID_TEXT_BYTES]; /* the id of the mail: 32 hex digits */
	char customer[CLICK_CUSTOMER_MAX_BYTES + 1];
	char link[CLICK_LINK_MAX_BYTES + 1]; /* what its template calls it; or host and path */
	char url[CLICK_URL_MAX_BYTES + 1];
};

/* http:// or https:// and a host, of CLICK_URL_MAX_BYTES at the most, printable ASCII throughout. */
bool click_url_is_good(struct slice url);

/*
 * Makes a token and returns its length.  0: the key is too short, or the click is none that could
 * be read back.
 */
size_t click_token_make(struct slice key, const struct click *click, char ret[CLICK_TOKEN_BYTES]);

/* Takes only what click_token_make() gave with one of the keys; in constant time. */
int click_token_open(const struct token_keys *keys, struct slice token, struct click *ret,
		     struct err *err);

#endif
