/* http_counts.h - what a server counts of its answers, by route; private to common/io/http. */
#ifndef NURTURE_IO_HTTP_HTTP_COUNTS_H
#define NURTURE_IO_HTTP_HTTP_COUNTS_H

#include "common/io/process/metrics.h"
#include "http.h"

enum { HTTP_ROUTES_MAX = 32, HTTP_STATUS_CLASSES = 6 }; /* "2xx" is class 2 */

struct http_counts {
	const struct http_route *routes; /* may be NULL */
	size_t route_count;
	/* The one behind the routes' is for what has none: built-in pages, unknown paths. */
	struct metric *answers[HTTP_ROUTES_MAX + 1][HTTP_STATUS_CLASSES];
};

/* routes ends with a NULL method and is kept by reference; more than HTTP_ROUTES_MAX: abort(). */
void http_counts_register(struct http_counts *counts, const struct http_route *routes);
/* route: one of the routes, or any other or NULL, which are counted as none. */
void http_counts_answer(struct http_counts *counts, const struct http_route *route, int status);

#endif
