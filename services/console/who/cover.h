/*
 * cover.h - what stands in an address of the console in place of a customer's id.  Pure.
 *
 * An address is seen by proxies, logs and whoever looks over a shoulder, so nothing of the shop's
 * people is in one.  The id is encrypted for whoever is shown the link: in another's hands it
 * opens nothing.  The same id has the same cover, so that a browser knows what it has visited.
 *
 *	BASE64URL(16 bytes of HMAC-SHA256 over viewer and id, AES-256-CTR of the id with these)
 *
 * (The synthetic initialization vector of RFC 5297, with HMAC for its CMAC.)
 */
#ifndef NURTURE_CONSOLE_WHO_COVER_H
#define NURTURE_CONSOLE_WHO_COVER_H

#include "common/token/token_keys.h"

enum {
	CON_ID_MAX_BYTES = 200,
	CON_COVER_BYTES = (16 + CON_ID_MAX_BYTES) * 4 / 3 + 3, /* the longest, with its NUL */
};

/* viewer: the address of whoever is shown it.  An id has 1 to CON_ID_MAX_BYTES. */
void con_cover_make(struct slice key, const char *viewer, const char *id,
		    char ret[CON_COVER_BYTES]);
/* False for what was not made for this viewer with one of the keys. */
bool con_cover_open(const struct token_keys *keys, const char *viewer, struct slice text,
		    char ret_id[CON_ID_MAX_BYTES + 1]);

#endif
