/*
 * outputs.h - what the steps of a batch say, kept until its transaction begins.
 *
 * While a batch is decided the transaction of the one before it may still be open, and a producer
 * has one at a time.
 */
#ifndef NURTURE_STREAM_OUTPUTS_H
#define NURTURE_STREAM_OUTPUTS_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/io/kafka/kafka.h"

struct output {
	struct output *next;
	unsigned topic; /* index into the outputs of kafka_open() */
	int32_t partition;
	struct slice key, value; /* value.bytes NULL: a tombstone */
	const struct kafka_header *headers;
	size_t header_count;
	const struct kafka_record *from; /* it passes this record on, with its value and headers */
	int64_t *offset;                 /* where its offset is wanted, or NULL */
};

struct outputs {
	struct output *first, **last;
};

void outputs_start(struct outputs *outputs);
/*
 * Adds one.  The struct and its list of headers are copied into the arena; all other bytes, and
 * `from`, must live until the outputs are put.
 */
void outputs_add(struct outputs *outputs, struct arena *arena, const struct output *output);
/* Puts all of them into the open transaction, in their order. */
int outputs_put(const struct outputs *outputs, struct kafka *kafka, struct err *err);

#endif
