/*
 * request_trace.h - the trace that a request belongs to, and one span for each event of it.
 *
 * Who publishes many events at once gives one traceparent for all of them: each event is a child of
 * it, so that what becomes of one can be told from what becomes of the others.
 */
#ifndef NURTURE_INGEST_REQUEST_TRACE_H
#define NURTURE_INGEST_REQUEST_TRACE_H

#include "common/io/http/http.h"
#include "common/io/tracing/tracing.h"

struct ing_request_trace {
	bool is_on, has_parent;
	struct trace_context parent;
	int64_t begun_ms;
	char text[TRACE_TEXT_ROOM];
};

/* Of the request's header traceparent; without one each event begins a trace. */
struct ing_request_trace ing_request_trace_of(struct http_request *request);
/* The header of the next event for this topic, until the call after it; NULL: nobody asked for it. */
const char *ing_request_trace_next(struct ing_request_trace *trace, const char *topic);

#endif
