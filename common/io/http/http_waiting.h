/*
 * http_waiting.h - an answer that waits until all that came of its request is stored.
 *
 * Whoever sends counts each record before it is on its way and tells of each
 * that did not get there; other threads tell of the rest.  Whoever brings what
 * was missing last, the sender among them, gives the answer: so it is given
 * once, and not before all was sent.
 */
#ifndef NURTURE_IO_HTTP_HTTP_WAITING_H
#define NURTURE_IO_HTTP_HTTP_WAITING_H

#include <stdatomic.h>

#include "http.h"

struct http_waiting {
	struct http_request *request;
	/*
	 * Answers the request; waiting belongs to the callee then. is_stored: no record has failed.
	 */
	void (*answer)(struct http_waiting *waiting, bool is_stored);
	_Atomic size_t missing; /* records that nobody has told of, and the sender itself */
	_Atomic bool has_failed;
};

/* Defers the request.  The sender ends with an http_waiting_told() of its own. */
void http_waiting_begin(struct http_waiting *waiting, struct http_request *request,
			void (*answer)(struct http_waiting *waiting, bool is_stored));
/* One record more will be told of. */
void http_waiting_add(struct http_waiting *waiting);
/* Tells of one record, or of the sender that it is done. May answer: waiting is gone after that. */
void http_waiting_told(struct http_waiting *waiting, bool is_stored);

#endif
