/*
 * http_framing.h - where does this request end?  Refuses every request on
 * which two parsers could disagree (RFC 9112 6.3 and 3.2), since that is how
 * a request is smuggled past a proxy.  Private to http*.c.  Pure.
 */
#ifndef NURTURE_IO_HTTP_HTTP_FRAMING_H
#define NURTURE_IO_HTTP_HTTP_FRAMING_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/slice.h"

struct http_framing {
	unsigned lengths, codings, hosts;
	bool bad_name, bad_length, not_chunked, expects_continue;
	int64_t length_bytes; /* of the Content-Length; 0 without */
};

/* Takes note of one header line. */
void http_framing_header(struct http_framing *framing, struct slice name, struct slice value);
/* NULL, or what is wrong with all of them together. version: "HTTP/1.1". */
const char *http_framing_fault(const struct http_framing *framing, const char *version);

#endif
