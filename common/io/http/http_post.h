/* http_post.h - one POST to somebody else's server; libcurl. */
#ifndef NURTURE_IO_HTTP_HTTP_POST_H
#define NURTURE_IO_HTTP_HTTP_POST_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"

struct http_post {
	const char *url;            /* http or https; where it leads on is not followed */
	const char *const *headers; /* "name: value"; ends with NULL */
	struct slice body;
	long wait_ms;     /* for all of it */
	long answer_most; /* bytes of the answer, which nobody reads; more end the connection */
};

struct http_posted {
	long status;
	int64_t retry_after_ms; /* 0: the answer does not say */
};

/*
 * A proxy is taken from the environment as libcurl does (https_proxy, no_proxy).  -1: no whole
 * answer came, and whether the server has the body is not known.
 */
int http_post(const struct http_post *post, struct http_posted *ret, struct err *err);

#endif
