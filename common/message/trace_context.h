/*
 * trace_context.h - which trace something belongs to, as the header traceparent says it.
 *
 * W3C Trace Context, Level 1: https://www.w3.org/TR/trace-context/#traceparent-header.  The header
 * tracestate is not handed on, which the page allows.  Pure.
 */
#ifndef NURTURE_MESSAGE_TRACE_CONTEXT_H
#define NURTURE_MESSAGE_TRACE_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/slice.h"

#define TRACE_HEADER "traceparent"

enum { TRACE_ID_BYTES = 16, TRACE_SPAN_BYTES = 8, TRACE_TEXT_ROOM = 56, TRACE_SAMPLED = 1 };

struct trace_context {
	uint8_t trace[TRACE_ID_BYTES];
	uint8_t span[TRACE_SPAN_BYTES]; /* who caused what carries the header */
	uint8_t flags;                  /* TRACE_SAMPLED: somebody keeps it */
};

/* false: there is none, or it is none; *ret is undefined then.  Later versions are read as far as
 * the page says. */
bool trace_context_read(struct slice header, struct trace_context *ret);
/* Version 00 with a NUL. */
void trace_context_text(const struct trace_context *context, char ret[TRACE_TEXT_ROOM]);

#endif
