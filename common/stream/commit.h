/*
 * commit.h - a decided batch on its way into Kafka and the index.
 *
 * While it is under way the loop decides the next batch.  Until stream_finish() it belongs to the
 * thread of transact.c, and the loop reads no more of it than what nobody changes: its customers
 * with their new states.
 *
 * stream_finish() drops the records of the batch, and the customers of commit.batch may still point
 * into them: commit.batch may be read while under_way is true, and not afterwards.
 */
#ifndef NURTURE_STREAM_COMMIT_H
#define NURTURE_STREAM_COMMIT_H

#include <pthread.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "batch.h"
#include "checkpoint.h"
#include "outputs.h"
#include "partition.h"

/* What one partition has in it. */
struct commit_part {
	bool active;
	uint64_t number;
	struct version_checkpoint version;
	struct pending *taken; /* its records, whose bytes the batch points to */
	size_t taken_count, taken_room;
	struct result *results;
	const struct entry *shared; /* what its customers share, when that has changed; else NULL */
	const struct entry **changed;
	size_t changed_count;
	int64_t
	    timers_until_ms; /* all timers that were due up to here have fired, or are changed */

	/* what came of it */
	int64_t changelog_offset;
	char before[INDEX_CHECKPOINT_BYTES]; /* what the index must say for the write */
	char after[INDEX_CHECKPOINT_BYTES];  /* and says from then on; of commit.lock */
	int written;                         /* as index_take_write() returns it */
	int64_t next_due_ms;
};

struct commit {
	bool under_way;
	struct arena arena;
	struct batch batch;
	struct outputs outputs; /* of steps, before the states */
	struct outputs closing; /* checkpoints and ticks, after the states */
	struct commit_part *parts;
	struct kafka_position *positions;
	size_t position_count;
	int64_t now_ms, now_monotonic_ms; /* when the batch was begun */
	int64_t decided_in_ms;
	bool full;    /* it took all it was allowed to */
	bool forgets; /* the write must say so */
	pthread_mutex_t lock;

	/* what came of it */
	int r; /* 0: Kafka has it */
	struct err why;
	bool failed;    /* a batch was given up, because of `why`: no other one may follow it */
	bool answering; /* Redis answered all writes */
	int64_t took_ms;
};

#endif
