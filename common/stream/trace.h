/*
 * trace.h - which trace a step belongs to, and what it says belongs to.
 *
 * Steps know nothing of traces.  What a record's step says goes on with the record's trace.  A
 * timer's has no record: then the request that an output is about says in whose trace it came, as
 * long as this process remembers it (the last TRACE_SLOTS requests); else a trace begins.
 */
#ifndef NURTURE_STREAM_TRACE_H
#define NURTURE_STREAM_TRACE_H

#include "stream_internal.h"

/* NULL when nobody asked for traces: then nothing here is called. */
struct stream_trace *stream_trace_open(const struct stream *stream);
/* NULL-safe. */
void stream_trace_close(struct stream_trace *trace);

/* The batch is decided anew: what its steps came to so far is no span. */
void stream_trace_drop(struct stream *stream);
/* The batch is to be committed: its spans are noted. */
void stream_trace_hand_over(struct stream *stream);
/* A step is asked; its answer is carried out; all of it is done. */
void stream_trace_asked(struct stream *stream);
void stream_trace_begin(struct stream *stream);
void stream_trace_end(struct stream *stream);
/* The header of an output of the step, in the batch's arena. */
struct kafka_header stream_trace_header(struct stream *stream, const struct step_output *output);

#endif
