/*
 * batch.h - the customers of one batch and the timers among them.
 *
 * Entries are found by partition and customer; a heap gives the next timer by
 * (due, customer).  A changed due time leaves its old place in the heap stale;
 * stale places are skipped when they come up.  All memory is the batch's arena.
 */
#ifndef NURTURE_STREAM_BATCH_H
#define NURTURE_STREAM_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/slice.h"

struct entry {
	struct entry *next_in_bucket, *next;
	int32_t partition;
	uint64_t hash;
	struct slice customer, state;
	char *own; /* where the states are kept that steps of this batch have made */
	size_t own_room;
	int64_t due_ms;
	int64_t index_due_ms; /* what the index has */
	uint32_t version;     /* of due_ms */
	bool loaded, changed;
	bool awaits_owner; /* STEP_DUE_NEW_OWNER is to be heard in this batch */
};

struct timer {
	int64_t due_ms;
	struct entry *entry;
	uint32_t version;
};

struct batch {
	struct arena *arena;
	struct entry **buckets;
	size_t bucket_count, entry_count;
	struct entry *entries, **last;
	struct timer *heap;
	size_t timer_count, timer_room;
};

void batch_start(struct batch *batch, struct arena *arena);
/*
 * Returns the entry of a customer, and makes it when there is none (then it is not loaded). The
 * slice must outlive the batch.
 */
struct entry *batch_entry(struct batch *batch, int32_t partition, struct slice customer);
/* The entry of a customer, or NULL when the batch has none. */
struct entry *batch_find(const struct batch *batch, int32_t partition, struct slice customer);
/*
 * Copies the state, which may lie in the previous copy, to one place that grows: a customer with a
 * long history may have thousands of steps in a batch.
 */
void batch_keep(struct batch *batch, struct entry *entry, struct slice state);
/* Until the customer's next step its timer is due at that time. */
void batch_arm(struct batch *batch, struct entry *entry, int64_t due_ms);
/* The earliest timer that is not stale, or NULL. */
const struct timer *batch_first_timer(struct batch *batch);
void batch_pop_timer(struct batch *batch);
/* Forgets all timers, before those of the next partition are added. */
void batch_disarm(struct batch *batch);

#endif
