/*
 * ahead.h - what the next batch knows of the one that is under way.
 *
 * The index has what was written before that batch, or after it.  Either way a customer whom it
 * has changed is as it left them, and everybody else is as the index says.  Nothing is taken from
 * any other owner's batch: only our own is here, and if it is not committed, this process ends.
 */
#ifndef NURTURE_STREAM_AHEAD_H
#define NURTURE_STREAM_AHEAD_H

#include "stream_internal.h"

/* May a batch be begun while another one is under way?  Not while an index has to be set right. */
bool stream_may_overlap(const struct stream *stream);
/* Is there enough to do that it is worth it?  Else many small batches would cost more than one. */
bool stream_is_worth_overlap(const struct stream *stream);

/* Is that what we wrote last to the index, or are about to write? */
bool stream_is_our_checkpoint(struct stream *stream, const struct partition *partition,
			      const char *checkpoint);

/* True when the batch under way knows the customer of the entry; then the entry has the state. */
bool stream_take_ahead(struct stream *stream, struct entry *entry);

/* Timers due before this have fired in the batch under way; INT64_MIN: none has. */
int64_t stream_ahead_from(const struct stream *stream, const struct partition *partition);
/* How many timers that the index may still have at from_ms to until_ms are others by now. */
size_t stream_ahead_moved(const struct stream *stream, const struct partition *partition,
			  int64_t from_ms, int64_t until_ms);
/*
 * Makes the list of the partition's due timers right: *due (count of them) are those of the index
 * up to until_ms, of which those that the batch under way has changed go, and its own come.
 */
void stream_ahead_due(struct stream *stream, struct partition *partition,
		      const struct index_state *due, size_t count, int64_t until_ms);

#endif
