/*
 * session.h - a cookie that says who has signed in, signed by us.  Pure.
 *
 *	v2.BASE64URL(8 bytes of when it ends, its id, address).BASE64URL(HMAC-SHA256, 32 bytes)
 *
 * The place where it is good is signed and does not stand in it (sign_outs.h, which knows those
 * that were ended before their time).  What somebody may do is not in it: the staff's file says so
 * at each request.  A browser sends a cookie whose name begins with __Host- only to this host, over
 * https, and takes it from nobody else.
 */
#ifndef NURTURE_CONSOLE_WHO_SESSION_H
#define NURTURE_CONSOLE_WHO_SESSION_H

#include "common/base/buf.h"
#include "common/token/token_keys.h"
#include "staff.h"

#define CON_SESSION_COOKIE "__Host-nurture-console"
#define CON_COOKIE_RULES "; Path=/; Secure; HttpOnly; SameSite=Lax"
#define CON_SESSION_LIFE_MS (12 * INT64_C(3600000))

enum {
	CON_SESSION_BYTES = 400, /* the longest, with its NUL */
	CON_SESSION_ID_BYTES = 16,
};

struct con_place {
	uint8_t bytes[CON_SESSION_ID_BYTES]; /* of chance */
};
struct con_session {
	uint8_t id[CON_SESSION_ID_BYTES]; /* of chance */
	int64_t ends_ms;
	char address[CON_WHO_MAX_BYTES + 1];
};

void con_session_make(struct slice key, const struct con_place *place,
		      const struct con_session *session, char ret[CON_SESSION_BYTES]);
/* False for what was made with none of the keys, or for another place, or has ended. */
bool con_session_open(const struct token_keys *keys, const struct con_place *place,
		      struct slice text, int64_t now_ms, struct con_session *ret);

/* The value of a cookie in a Cookie header: false when it is not there, or there twice. */
bool con_cookie_find(struct slice header, const char *name, struct slice *ret);

#endif
