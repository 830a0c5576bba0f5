/* tracing.c - see tracing.h. */
#include "tracing.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/io/process/log.h"
#include "otlp.h"

static bool is_on;
static struct otlp *otlp; /* NULL: nobody wants the spans */

/* Who has no settings (a test) has no texts either. */
static bool is_said(const char *text)
{
	return text && text[0];
}

static bool has_endpoint_of(const struct tracing_options *options)
{
	return is_said(options->endpoint) || is_said(options->traces_endpoint);
}

/* What is said to all programs of a machine must not stop this one. */
static bool is_for_others(const struct tracing_options *options)
{
	return is_said(options->protocol) && strcmp(options->protocol, "http/json") != 0;
}

int tracing_check(const struct tracing_options *options, struct err *err)
{
	bool is_sent =
	    options->on != TRACING_OFF && has_endpoint_of(options) && !is_for_others(options);

	return is_sent ? otlp_check(options, err) : 0;
}

int tracing_open(const struct tracing_options *options, const char *service, struct err *err)
{
	bool has_endpoint = has_endpoint_of(options);

	if (has_endpoint && options->on != TRACING_OFF && is_for_others(options)) {
		log_event(LOG_LEVEL_WARN, "spans_not_exported", "why",
			  "OTEL_EXPORTER_OTLP_PROTOCOL: expected http/json", "found",
			  options->protocol, NULL);
		has_endpoint = false;
	}
	is_on = options->on == TRACING_ON || (options->on == TRACING_AUTO && has_endpoint);
	return is_on && has_endpoint ? otlp_open(&otlp, options, service, err) : 0;
}

void tracing_close(void)
{
	otlp_close(&otlp);
	is_on = false;
}

bool tracing_is_on(void)
{
	return is_on;
}

/* xorshift64* (Vigna, 2016) of each thread: ids need not be secret, only different. */
static uint64_t next_random(void)
{
	static _Thread_local uint64_t state;

	while (state == 0)
		if (getrandom(&state, sizeof(state), 0) != (ssize_t)sizeof(state))
			abort();
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(2685821657736338717);
}

struct trace_context tracing_child(const struct trace_context *parent)
{
	struct trace_context child = {.flags = TRACE_SAMPLED};
	uint64_t random = next_random();

	if (parent)
		child = *parent;
	memcpy(child.span, &random, sizeof(random));
	for (size_t at = 0; !parent && at < TRACE_ID_BYTES; at += sizeof(random)) {
		random = next_random();
		memcpy(child.trace + at, &random, sizeof(random));
	}
	return child;
}

void tracing_note(const struct span *span)
{
	if (otlp && span->context.flags & TRACE_SAMPLED)
		otlp_add(otlp, span);
}
