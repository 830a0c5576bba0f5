/*
 * headers.h - what a request says of who sends it, each header once.  Pure.
 *
 * Two lines of one name are a trick: whoever stands before us may have looked at the other one.
 * So a name that comes twice counts as refused, not as its first line.
 */
#ifndef NURTURE_CONSOLE_WHO_HEADERS_H
#define NURTURE_CONSOLE_WHO_HEADERS_H

#include <stdbool.h>

#include "common/base/slice.h"

/* X(name, the header) */
#define CON_HEADERS(X)                                                                             \
	X(EMAIL, "X-Auth-Request-Email")                                                           \
	X(GROUPS, "X-Auth-Request-Groups")                                                         \
	X(SECRET, "X-Nurture-Proxy-Secret")                                                        \
	X(HOST, "Host")                                                                            \
	X(ORIGIN, "Origin")                                                                        \
	X(FETCH_SITE, "Sec-Fetch-Site")                                                            \
	X(COOKIE, "Cookie")
enum con_header {
#define X(name, text) CON_HEADER_##name,
	CON_HEADERS(X)
#undef X
	    CON_HEADER_COUNT
};

struct con_headers {
	struct slice values[CON_HEADER_COUNT]; /* borrowed */
	unsigned counts[CON_HEADER_COUNT];
};

/* A line of the request; names of no interest are passed over. */
void con_headers_take(struct con_headers *headers, struct slice name, struct slice value);
static inline bool con_headers_has(const struct con_headers *headers, enum con_header which)
{
	return headers->counts[which] > 0;
}
static inline bool con_headers_twice(const struct con_headers *headers, enum con_header which)
{
	return headers->counts[which] > 1;
}
/* Is a form ours?  Sec-Fetch-Site says same-origin or none; without it, Origin is the Host. */
bool con_headers_same_origin(const struct con_headers *headers);

#endif
