/*
 * session.h - a cookie that says who has signed in, signed by us.  Pure.
 *
 *	v1.BASE64URL(8 bytes of when it ends, address).BASE64URL(HMAC-SHA256, 32 bytes)
 *
 * What somebody may do is not in it: the staff's file says so at each request.  A browser sends a
 * cookie whose name begins with __Host- only to this host, over https, and takes it from nobody
 * else.
 */
#ifndef NURTURE_CONSOLE_WHO_SESSION_H
#define NURTURE_CONSOLE_WHO_SESSION_H

#include "common/base/buf.h"
#include "common/token/token_keys.h"
#include "staff.h"

#define CON_SESSION_COOKIE "__Host-nurture-console"
#define CON_COOKIE_RULES "; Path=/; Secure; HttpOnly; SameSite=Lax"
#define CON_SESSION_LIFE_MS (12 * INT64_C(3600000))

enum { CON_SESSION_BYTES = 400 }; /* the longest, with its NUL */

void con_session_make(struct slice key, const char *address, int64_t now_ms,
		      char ret[CON_SESSION_BYTES]);
/* False for what was made with none of the keys, or has ended. */
bool con_session_open(const struct token_keys *keys, struct slice text, int64_t now_ms,
		      char ret_address[CON_WHO_MAX_BYTES + 1]);

/* The value of a cookie in a Cookie header: false when it is not there, or there twice. */
bool con_cookie_find(struct slice header, const char *name, struct slice *ret);

#endif
