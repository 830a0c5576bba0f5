/* trace.c - see trace.h. */
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/encoding.h"
#include "common/base/grow.h"
#include "common/base/hash.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/io/tracing/tracing.h"
#include "common/message/record_subject.h"

enum {
	TRACE_SLOTS = 65536, /* 3 MB; a power of two */
	PROBES = 8,          /* slots that are looked at for a key */
	SPANS_MAX = 16,      /* of one step; those behind share the last one */
	NAME_ROOM = 280,
};

struct slot {
	uint64_t key;
	uint64_t age; /* 0: empty */
	struct trace_context context;
};

struct step_span {
	bool has_parent;
	struct trace_context parent, own;
};

struct stream_trace {
	struct slot *slots;
	uint64_t age;
	int64_t asked_ms;
	struct step_span spans[SPANS_MAX];
	size_t span_count;
	struct span *noted; /* of the batch: a batch that is put off is decided again */
	size_t noted_count, noted_room;
	char names[KAFKA_INPUTS_MAX][NAME_ROOM];
	char id[2 * TRACE_ID_BYTES + 1]; /* of the record's trace, for the log */
};

struct stream_trace *stream_trace_open(const struct stream *stream)
{
	struct stream_trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		abort();
	trace->slots = calloc(TRACE_SLOTS, sizeof(*trace->slots));
	if (!trace->slots)
		abort();
	for (unsigned i = 0; i < stream->input_count; i++)
		snprintf(trace->names[i], NAME_ROOM, "process %s", stream->inputs[i]);
	return trace;
}

void stream_trace_close(struct stream_trace *trace)
{
	if (!trace)
		return;
	free(trace->slots);
	free(trace->noted);
	free(trace);
}

static void note(struct stream_trace *trace, const struct span *span)
{
	trace->noted = grow_zeroed(trace->noted, &trace->noted_room, trace->noted_count + 1,
				   sizeof(*trace->noted));
	trace->noted[trace->noted_count++] = *span;
}

void stream_trace_drop(struct stream *stream)
{
	stream->trace->noted_count = 0;
}

void stream_trace_hand_over(struct stream *stream)
{
	for (size_t i = 0; i < stream->trace->noted_count; i++)
		tracing_note(&stream->trace->noted[i]);
	stream->trace->noted_count = 0;
}

static struct slot *slot_at(const struct stream_trace *trace, uint64_t key, unsigned probe)
{
	return &trace->slots[(key + probe) % TRACE_SLOTS];
}

static const struct trace_context *find(const struct stream_trace *trace, uint64_t key)
{
	for (unsigned i = 0; i < PROBES; i++) {
		const struct slot *slot = slot_at(trace, key, i);

		if (slot->age && slot->key == key)
			return &slot->context;
	}
	return NULL;
}

/* In the place that it has, or an empty one, or that of the oldest. */
static void keep(struct stream_trace *trace, uint64_t key, const struct trace_context *context)
{
	struct slot *best = slot_at(trace, key, 0);

	for (unsigned i = 0; i < PROBES && !(best->age && best->key == key); i++) {
		struct slot *slot = slot_at(trace, key, i);

		if (slot->age < best->age || (slot->age && slot->key == key))
			best = slot;
	}
	*best = (struct slot){.key = key, .age = ++trace->age, .context = *context};
}

/* A mail's result says of whom it is, and no more: the customer stands for the request then. */
static uint64_t key_of_customer(const struct stream *stream)
{
	return ~hash64(stream->step.customer);
}

/* The step's span under this parent; it begins with the first that asks for it. */
static const struct trace_context *span_under(struct stream_trace *trace,
					      const struct trace_context *parent)
{
	struct step_span *span;

	for (size_t i = 0; i < trace->span_count; i++) {
		span = &trace->spans[i];
		if (span->has_parent == (parent != NULL) &&
		    (!parent || memcmp(&span->parent, parent, sizeof(*parent)) == 0))
			return &span->own;
	}
	if (trace->span_count == SPANS_MAX)
		return &trace->spans[SPANS_MAX - 1].own;
	span = &trace->spans[trace->span_count++];
	*span = (struct step_span){.has_parent = parent != NULL, .own = tracing_child(parent)};
	if (parent)
		span->parent = *parent;
	return &span->own;
}

void stream_trace_asked(struct stream *stream)
{
	stream->trace->span_count = 0;
	stream->trace->asked_ms = clock_wall_ms();
}

void stream_trace_begin(struct stream *stream)
{
	struct stream_trace *trace = stream->trace;
	const struct kafka_record *record = stream->pending ? &stream->pending->record : NULL;
	const struct trace_context *own;
	struct trace_context parent;
	struct slice subject;

	if (!record)
		return;
	memset(&parent, 0, sizeof(parent));
	own = span_under(
	    trace, trace_context_read(kafka_record_header(record, TRACE_HEADER), &parent) ? &parent
											  : NULL);
	base16_write(own->trace, TRACE_ID_BYTES, trace->id);
	log_trace(trace->id);
	if (!stream->options.input_kinds)
		return;
	subject = record_subject(stream->options.input_kinds[record->input], record->value,
				 &stream->step_arena);
	if (subject.len) {
		keep(trace, hash64(subject), own);
		keep(trace, key_of_customer(stream), own);
	}
}

struct kafka_header stream_trace_header(struct stream *stream, const struct step_output *output)
{
	struct stream_trace *trace = stream->trace;
	struct slice subject =
	    record_subject(stream->output_kinds[output->topic], output->value, &stream->step_arena);
	const struct trace_context *parent = subject.len ? find(trace, hash64(subject)) : NULL;
	char *text = arena_alloc(&stream->arena, TRACE_TEXT_ROOM);

	if (!parent && stream->step.kind == STEP_RESULT)
		parent = find(trace, key_of_customer(stream));
	/* A record's own request stands in the table as this step's span. */
	if (stream->pending &&
	    (!parent || memcmp(parent, &trace->spans[0].own, sizeof(*parent)) == 0))
		trace_context_text(&trace->spans[0].own, text);
	else
		trace_context_text(span_under(trace, parent), text);
	return (struct kafka_header){.name = TRACE_HEADER,
				     .value = slice_of(text, TRACE_TEXT_ROOM - 1)};
}

void stream_trace_end(struct stream *stream)
{
	struct stream_trace *trace = stream->trace;
	const struct kafka_record *record = stream->pending ? &stream->pending->record : NULL;
	int64_t now_ms = clock_wall_ms();

	log_trace(NULL);
	for (size_t i = 0; i < trace->span_count; i++) {
		struct span span = {.context = trace->spans[i].own,
				    .name = stream->step.kind == STEP_RESULT ? "deliver" : "decide",
				    .kind = SPAN_PRODUCER,
				    .begun_ms = trace->asked_ms,
				    .ended_ms = now_ms};

		if (trace->spans[i].has_parent)
			memcpy(span.parent, trace->spans[i].parent.span, TRACE_SPAN_BYTES);
		if (record && i == 0) {
			span.name = trace->names[record->input];
			span.kind = SPAN_CONSUMER;
			span.topic = stream->inputs[record->input];
			span.partition = record->partition;
			span.offset = record->offset;
		}
		note(trace, &span);
	}
	trace->span_count = 0;
}
