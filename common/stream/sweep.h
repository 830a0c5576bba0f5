/*
 * sweep.h - everybody of a partition is looked at again when its service
 * decides by another version (of the policy) than before.
 *
 * A customer's place is the top half of the hash of the id.  A sweep goes
 * through the places from the highest to the lowest; how far it came is
 * committed with every batch, so that it goes on there after a crash, and
 * nobody is looked at twice.  By the wall clock it takes SWEEP_SPREAD_MS, so
 * that a change of the policy is no flood; in event time all of it happens at
 * one instant.
 *
 * Of a large partition not all names are held at once: as many as there is room for, those with the
 * highest places.  When these have had their turn, the next ones are listed, from the beginning:
 * an index is in no order.
 *
 * A customer who appears meanwhile was never decided by the old version, and
 * is passed over, unless a later list has the name: then there is nothing new to say.  Pure: no
 * Kafka, no Redis here.
 */
#ifndef NURTURE_STREAM_SWEEP_H
#define NURTURE_STREAM_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/civil.h"
#include "common/base/slice.h"
#include "common/io/redis/index.h"
#include "checkpoint.h"

#define SWEEP_SPREAD_MS MINUTE_MS
#define SWEEP_ALL (UINT64_C(1) << 32)

struct sweep_customer {
	uint64_t place;
	struct slice id; /* in names */
};

struct sweep {
	struct version_checkpoint checkpoint; /* as it is, or will be with the batch's commit */
	bool began;                           /* a sweep has begun, and no batch has said so yet */
	bool listed;
	struct sweep_customer *customers; /* by place: from floor to below checkpoint.left */
	size_t count, room;
	size_t most;    /* names that are held */
	uint64_t floor; /* who has a lower place comes in a later list; 0: there is none */
	struct arena names;
	char
	    cursor[INDEX_CURSOR_BYTES]; /* where the caller goes on listing; "": it has not begun */
	size_t taken;                   /* how many of the last ones of the list are in the batch */
	uint64_t left_after;
	int64_t total; /* taken so far, for the log */
};

uint64_t sweep_place(struct slice customer);

/*
 * Begins: the partition was decided under checkpoint.version (as the caller has read it), and is
 * decided under `version` from now on.  True when that is another one, and everybody has to be
 * looked at.  empty: nobody was ever decided here.
 */
bool sweep_open(struct sweep *sweep, const char *version, bool empty, int64_t now_ms);

/* A list begins that holds at most so many names when it is at its end, and twice as many before. */
void sweep_list_begin(struct sweep *sweep, size_t most);
/* Adds a customer, unless the sweep is past that place, or not there yet.  The id is copied. */
void sweep_list(struct sweep *sweep, struct slice customer);
/* Says that all have been listed. */
void sweep_list_end(struct sweep *sweep);
/* Empties a list that was wrong; everybody has to be listed again. */
void sweep_unlist(struct sweep *sweep);

/*
 * Chooses at most max customers (more only where places are equal) whose turn has come; at_once:
 * everybody's has.  True when there is something to commit: that the sweep has begun, that
 * somebody was taken, that nobody is left.
 */
bool sweep_take(struct sweep *sweep, bool at_once, int64_t now_ms, size_t max);
void sweep_take_none(struct sweep *sweep);
/* Returns the i-th of those taken. */
struct slice sweep_taken(const struct sweep *sweep, size_t i);
/* Moves the checkpoint on, for a batch that is being committed. */
void sweep_advance(struct sweep *sweep);
/*
 * Forgets those taken, once the batch is committed; then the next ones may have to be listed.  True
 * when that was the end of the sweep.
 */
bool sweep_forget(struct sweep *sweep);

/* Frees the list. */
void sweep_clear(struct sweep *sweep);

#endif
