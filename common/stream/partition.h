/*
 * partition.h - one partition as its owner sees it: what was read and not yet
 * decided, how far every input has come, and the clock.
 *
 * Here is the merge of event time.  An input's bound is the earliest time that
 * can still come from it: that of its first waiting record, else its
 * progress (the newest time read or promised by a tick).  A record may be
 * taken when no other input can bring an earlier one (or one of the same time
 * that comes first by number of input); a timer, when no input can bring a
 * record of its instant.
 *
 * A producer writes in time order, but several of them do not among each other.
 * So an input with many producers has a lane for each, and what was said of inputs
 * holds of lanes.  Records then leave in another order than that of their
 * offsets: the offset that is committed is that of the first one which still waits, and the merge
 * point says which of those behind it were taken.
 *
 * Nothing is asked of Kafka or Redis here: their headers are included for the types of what was
 * read.
 */
#ifndef NURTURE_STREAM_PARTITION_H
#define NURTURE_STREAM_PARTITION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/slice.h"
#include "common/io/redis/index.h"
#include "common/io/kafka/kafka.h"
#include "merge_point.h"
#include "sweep.h"

struct entry;

/* A record that waits to be taken. */
struct pending {
	struct kafka_record record;
	struct slice customer; /* the record's key, or found in its value (then owned: free()) */
	bool customer_owned;
	int64_t time_ms; /* its own */
	bool misrouted;  /* its customer belongs on another partition */
	unsigned lane;   /* whose record it is */
};

/* What one producer has written to an input, as it came. */
struct lane {
	struct pending *ring;
	size_t room, head, count;
	int64_t progress_ms; /* of what was taken: never goes back */
};

struct input_queue {
	struct lane *lanes; /* at least one; of many producers, the one on partition p has lane p */
	unsigned lane_count;
	size_t count;             /* records that wait, in all lanes */
	size_t bytes;             /* of memory that these take, nearly */
	int64_t next_offset;      /* older records were seen before; -1: the beginning */
	int64_t taken_offset;     /* what a commit says: all before it were taken */
	int64_t stamp_ms;         /* Kafka's timestamp of the last one before it; 0: not known */
	struct merge_point point; /* with several lanes: what comes before it was taken */
	int64_t again_until;      /* only records before this offset can have been taken before */
	bool paused;
	int64_t skips[SKIPS_MAX]; /* offsets that are passed over: nurturectl skip */
	unsigned skip_count;
};

struct partition {
	int32_t id;
	bool assigned;
	bool held;                               /* stream_hold(): it waits for results */
	bool index_valid;                        /* the index is what this owner wrote */
	uint64_t owner;                          /* random, new with every assignment */
	uint64_t number;                         /* of the last batch */
	char checkpoint[INDEX_CHECKPOINT_BYTES]; /* what Redis must say */
	int64_t clock_ms;
	int64_t clock_was_ms;     /* before the batch, for when it is put off */
	int64_t bound_ms;         /* event time: all before it is decided; passed on as a tick */
	int64_t next_due_ms;      /* earliest in the index; INT64_MIN: not known */
	bool newly_assigned;      /* STEP_DUE_NEW_OWNER timers must still fire */
	bool heard;               /* the last of these timers fire in this batch */
	int64_t changelog_offset; /* of the last checkpoint record */
	int64_t
	    known_offset; /* offset of the changelog at which a checkpoint was seen last; -1: not known */
	bool has_effects;   /* the batch has effects whose results are still to be decided */
	bool touched;       /* time has passed since the last commit */
	struct sweep sweep; /* its version, and who must be looked at again under it */
	unsigned input_count;
	struct input_queue inputs[KAFKA_INPUTS_MAX];

	/* of the batch */
	bool active;
	struct pending *taken; /* go along with the batch when it is handed over */
	size_t taken_count, taken_room;
	int64_t horizon_ms;      /* later timers were not asked for: the batch ends there */
	int64_t timers_until_ms; /* timers due up to here fire in this batch */
	struct entry **due;      /* whose timers the index gave, in its arena */
	size_t due_count;
	size_t due_asked;       /* the most that the index was asked for */
	struct entry **unknown; /* those whose states the index was asked for */
	size_t unknown_count;
	int64_t misrouted_count; /* event time: records of other partitions that came here */
	int64_t decided_ms;      /* the bound_ms that was committed last */
	struct result *results, **last_result; /* handed in by stream_result() */
	/* the state that all its customers share; NULL when this batch has none */
	struct entry *shared;
	uint8_t *shared_bytes; /* room for its newest state: every step may write another one */
	size_t shared_room;
};

struct result {
	struct result *next;
	struct slice customer, value; /* behind the struct */
};

/*
 * To be called once, before anything else: makes so many inputs of one lane each, but of input i
 * lanes[i].  lanes NULL: one each.
 */
void partition_open(struct partition *partition, unsigned input_count, const unsigned *lanes);
/* Frees all that it holds, results and the batch's records as well. */
void partition_close(struct partition *partition);

/* Empties the partition: releases its records and forgets its results. */
void partition_clear(struct partition *partition);

/*
 * Adds a record, which is the partition's from then on.  Where it was taken before (input_queue's
 * merge point says so), it is released and nothing else happens.
 */
void partition_push(struct partition *partition, const struct pending *pending);

/* Can no record be taken before more have come, since a lane without any may bring an earlier one? */
bool partition_is_stuck(struct partition *partition);
/* The earliest time that can still come. */
int64_t partition_bound(struct partition *partition);
/* The offset from which on nothing was read, so nothing taken, by us or by an owner before us. */
int64_t input_queue_end(const struct input_queue *queue);
/* The earliest time that can still come of one input. */
int64_t input_queue_progress(const struct input_queue *queue);

/* The time up to which a batch of at most max records and ticks could come. */
int64_t partition_reach(struct partition *partition, size_t max);

/*
 * Moves waiting records to `taken`, until there are max.  by_time: in (time,
 * input, offset) order, each only when nothing can come before it and its time
 * is at most until_ms; else whatever is there.  Ticks on the way count as
 * progress.
 */
void partition_take(struct partition *partition, bool by_time, int64_t until_ms, size_t max);
/* Frees the room for records where none waits. */
void partition_give_back(struct partition *partition);

/* Releases records that were taken, and frees results. */
void pending_drop(struct pending *taken, size_t count);
void results_drop(struct result *results);

#endif
