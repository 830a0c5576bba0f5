/*
 * restore_writes.h - the half of a restore that writes: states in slices, several slices under way
 * to the index at a time.
 *
 * A slice is a compare-and-set on the restore's own token.  The slices of a partition arrive in the
 * order in which they were sent, so the last one, which sets the checkpoint, is taken only when all
 * before it were.
 */
#ifndef NURTURE_STREAM_RESTORE_WRITES_H
#define NURTURE_STREAM_RESTORE_WRITES_H

#include "stream_internal.h"

enum { RESTORE_SLICE_TABLE = 4096, RESTORE_UNDER_WAY = 8 };
/* So many bytes of records are a slice as well, also when few customers have them. */
enum { RESTORE_SLICE_BYTES = 4 << 20 };

/* The newest states of some customers of one partition; zeroed but for `most` it is empty. */
struct restore_slice {
	size_t most; /* customers, RESTORE_SLICE at most */
	struct arena arena;
	struct index_change changes[RESTORE_SLICE];
	uint16_t table[RESTORE_SLICE_TABLE]; /* 1 + place in changes, by customer */
	size_t count;
	size_t bytes; /* of all records that were added, replaced ones too: what the arena holds */
};

static inline bool restore_slice_is_full(const struct restore_slice *slice)
{
	return slice->count == slice->most || slice->bytes >= RESTORE_SLICE_BYTES;
}

/* Adds a state, copied; it replaces an earlier one of its customer. The slice must not be full. */
void restore_slice_add(struct restore_slice *slice, const struct changelog_record *record);
void restore_slice_free(struct restore_slice *slice);

/* A slice that was sent. */
struct restore_write {
	struct partition *partition;
	char
	    checkpoint[INDEX_CHECKPOINT_BYTES]; /* what its last slice sets; "": not the last one */
};

struct restore_writes {
	struct stream *stream;
	struct restore_write under_way[RESTORE_UNDER_WAY]; /* a ring, in the order sent */
	size_t first, count;
};

/*
 * Sends a slice, and empties it; with as many under way as may be, it waits for the first of them.
 * checkpoint: what the partition says from then on, when this is its last slice; else NULL.
 * The partition's index is valid when the answer to its last slice has come.  -1: Redis failed, or
 * another one took over a partition.
 */
int restore_send(struct restore_writes *writes, struct partition *partition, const char *token,
		 const char *checkpoint, bool forgets, struct restore_slice *slice,
		 struct err *err);
/* Waits for all answers. */
int restore_hear_all(struct restore_writes *writes, struct err *err);

#endif
