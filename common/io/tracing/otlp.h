/*
 * otlp.h - spans to a collector: OTLP/HTTP in JSON.
 *
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp and the mapping of its protobuf to JSON: ids in
 * hexadecimal, 64-bit numbers as texts.  Spans wait in a queue with an end and are sent by a thread
 * of its own; what finds the queue full is dropped and counted, since a collector that is away must
 * never hold up a mail.
 */
#ifndef NURTURE_IO_TRACING_OTLP_H
#define NURTURE_IO_TRACING_OTLP_H

#include "tracing.h"

struct otlp;

/* Are endpoint, headers and attributes what otlp_open() needs?  ERR_CONFIG; calls nobody. */
int otlp_check(const struct tracing_options *options, struct err *err);
/* Copies the options.  ERR_CONFIG: as otlp_check() says. */
int otlp_open(struct otlp **ret, const struct tracing_options *options, const char *service,
	      struct err *err);
/* Never waits; from any thread. */
void otlp_add(struct otlp *otlp, const struct span *span);
/* Sends what waits, for five seconds at most, and ends the thread. NULL-safe, sets NULL. */
void otlp_close(struct otlp **otlp);

#endif
