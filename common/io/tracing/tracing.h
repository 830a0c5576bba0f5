/*
 * tracing.h - new spans, and where they go.
 *
 * Off unless somebody asks for it; then each record that leaves a service says in a header which
 * trace it belongs to (common/message/trace_context.h), and with an endpoint each span is sent there
 * as well (otlp.h).  One of a process, as the log is.
 */
#ifndef NURTURE_IO_TRACING_TRACING_H
#define NURTURE_IO_TRACING_TRACING_H

#include "common/base/err.h"
#include "common/message/trace_context.h"

enum tracing_switch { TRACING_AUTO, TRACING_OFF, TRACING_ON }; /* NURTURE_TRACING */

/* As the settings say (common/io/config/config_tracing.h); "" is not said. */
struct tracing_options {
	int64_t on; /* enum tracing_switch */
	const char *endpoint, *traces_endpoint, *headers, *service_name, *resource_attributes;
	const char *protocol;
	int64_t timeout_ms, queue_max, batch_max, delay_ms;
};

/* What SpanKind of OpenTelemetry's trace.proto has for us. */
enum span_kind { SPAN_SERVER = 2, SPAN_PRODUCER = 4, SPAN_CONSUMER = 5 };

/* Texts are borrowed for as long as the process lives. */
struct span {
	struct trace_context context;
	uint8_t parent[TRACE_SPAN_BYTES]; /* zeros: it is the first of its trace */
	const char *name;
	enum span_kind kind;
	int64_t begun_ms, ended_ms; /* wall clock */
	const char *topic;          /* of the record that it reads; NULL: none, nor the two below */
	int32_t partition;
	int64_t offset;
	const char *published_to; /* the topic of what it publishes; NULL: none */
};

/* Would tracing_open() take the options?  ERR_CONFIG names the setting; calls nobody. */
int tracing_check(const struct tracing_options *options, struct err *err);
/*
 * Once, before any of the functions below, and before threads: service names the process where
 * OTEL_SERVICE_NAME does not.  ERR_CONFIG: an endpoint or headers that are none.  Starts a thread
 * where there is an endpoint.
 */
int tracing_open(const struct tracing_options *options, const char *service, struct err *err);
/* Sends what waits, for five seconds at most. Harmless when it was not opened. */
void tracing_close(void);
bool tracing_is_on(void);

/* A context under the parent, or of a trace of its own where that is NULL. Thread-safe. */
struct trace_context tracing_child(const struct trace_context *parent);
/* Hands a span over; never waits.  Nothing without an endpoint, or when nobody keeps its trace. */
void tracing_note(const struct span *span);
#endif
