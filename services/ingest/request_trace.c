/* request_trace.c - see request_trace.h. */
#include "request_trace.h"

#include <string.h>

#include "common/io/process/clock.h"

struct ing_request_trace ing_request_trace_of(struct http_request *request)
{
	struct ing_request_trace trace = {.is_on = tracing_is_on()};
	const char *header;

	if (!trace.is_on)
		return trace;
	header = http_header(request, TRACE_HEADER);
	trace.has_parent = header && trace_context_read(slice_text(header), &trace.parent);
	trace.begun_ms = clock_wall_ms();
	return trace;
}

const char *ing_request_trace_next(struct ing_request_trace *trace, const char *topic)
{
	struct span span = {.name = "publish", .kind = SPAN_PRODUCER, .begun_ms = trace->begun_ms};

	if (!trace->is_on)
		return NULL;
	span.context = tracing_child(trace->has_parent ? &trace->parent : NULL);
	if (trace->has_parent)
		memcpy(span.parent, trace->parent.span, TRACE_SPAN_BYTES);
	span.ended_ms = clock_wall_ms();
	span.published_to = topic;
	tracing_note(&span);
	trace_context_text(&span.context, trace->text);
	return trace->text;
}
