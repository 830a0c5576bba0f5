/* otlp_text.h - what a request to a collector consists of, as text.  Only for this folder. */
#ifndef NURTURE_IO_TRACING_OTLP_TEXT_H
#define NURTURE_IO_TRACING_OTLP_TEXT_H

#include "common/base/buf.h"
#include "tracing.h"

/* The members of ExportTraceServiceRequest before its spans: resource and scope. */
int otlp_put_resource(const struct tracing_options *options, const char *service, struct buf *out,
		      struct err *err);
void otlp_put_span(const struct span *span, struct buf *out);
/* What closes the brackets of otlp_put_resource(). */
#define OTLP_END "]}]}]}"

/*
 * Takes one "name=value" off the front of a list with commas, as OTEL_EXPORTER_OTLP_HEADERS and
 * OTEL_RESOURCE_ATTRIBUTES are (W3C Baggage); the value is percent-decoded into value.  1: got one,
 * 0: no more, -1: it is none.
 */
int otlp_next_pair(struct slice *rest, struct slice *name, struct buf *value);

#endif
