/*
 * url.h - the URL of a server that one logs in to.  Pure.
 *
 *	scheme://[user[:password]@]host[:port][/path][?query]
 *
 * RFC 3986, with the login ended by the last '@' before the path: a password
 * with a raw '@' in it is a mistake, but its rest must not become a host, which
 * would be shown in logs.  User and password are percent-decoded; a host is
 * only what can be one, so that it may be shown.
 */
#ifndef NURTURE_BASE_URL_H
#define NURTURE_BASE_URL_H

#include <stdbool.h>

#include "err.h"
#include "slice.h"

enum {
	URL_SCHEME_BYTES = 16,
	URL_HOST_BYTES = 256,
	URL_USER_BYTES = 256,
	URL_PASSWORD_BYTES = 2048, /* some clouds give out tokens of a kilobyte */
};

struct url {
	char scheme[URL_SCHEME_BYTES];
	char host[URL_HOST_BYTES]; /* an IPv6 address without its brackets */
	bool is_ipv6;
	int port; /* 0: not said */
	bool has_user, has_password;
	char user[URL_USER_BYTES], password[URL_PASSWORD_BYTES];
	struct slice path;  /* behind the host's '/'; of the text, not decoded */
	struct slice query; /* behind the '?' that follows the host; the same */
};

/* -1 with what is wrong; no part of the text is in the message. */
int url_parse(struct slice text, struct url *ret, struct err *err);

/* Percent-decodes a part into ret; -1 names it (`what`) and shows nothing of it. */
int url_decode(struct slice text, const char *what, char *ret, size_t size, struct err *err);
/*
 * Takes the next NAME=VALUE off a query; neither is decoded.  False when nothing is left; a part
 * without '=' has an empty value.
 */
bool url_query_next(struct slice *query, struct slice *ret_name, struct slice *ret_value);

/*
 * Is it where people see a service: https://HOST and nothing behind it, or http:// of this machine
 * to try it out?  A cookie whose name begins with __Host- is for all of a host.
 */
bool url_is_origin(const char *text);

#endif
