/*
 * delivery_bridge.h - between the loop and the connections: it hands intents over, takes
 * results back, and keeps the journal that survives a crash of both.
 */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_BRIDGE_H
#define NURTURE_EMAIL_SENDER_DELIVERY_BRIDGE_H

#include "common/io/redis/attempt_notes.h"
#include "common/stream/stream.h"
#include "journal.h"
#include "services/email-sender/delivery/pool.h"
#include "services/email-sender/delivery/intent_window.h"

struct delivery_bridge {
	struct stream *stream;
	struct send_pool *pool;
	/*
	 * Event time: all that a batch has said for a partition is over before the next batch
	 * takes anything of that partition.
	 */
	bool by_batch;
	struct delivery_bridge_partition {
		size_t under_way;      /* mails that the connections have */
		bool was_refused;      /* a mail could not begin, as the journal was not ours */
		uint64_t other_owner;  /* who was found to have the journal; 0: we */
		uint64_t found_number; /* in which hand-over that was */
	} *partitions;                 /* of all partitions, ours or not */
	struct intent_window window;   /* wall clock: how many mails are intended ahead */
	size_t crowd;                  /* how many partitions had mails under way, after a batch */
	uint64_t hand_over_number;     /* how often mails of a committed batch were handed over */
	struct attempts *attempts;     /* the loop's own connection to the journal */
	struct attempt_notes *notes;   /* what the threads write into it */
	struct send_journal journal;   /* what earlier owners left in the journal */
	struct delivery_bridge_done {
		int32_t partition;
		uint64_t owner;
		char name[SEND_ATTEMPT_BYTES];
	} *done; /* handed in, and not yet committed */
	size_t done_count, done_room;
};

/*
 * For stream_options: context is the bridge.  Before a batch the loop is given all results that
 * there are, and told how much it may take; after it, what was intended goes to the connections.
 */
int delivery_bridge_before_batch(void *bridge, struct stream *stream, int *wait_ms,
				 struct err *err);
int delivery_bridge_after_batch(void *bridge, struct stream *stream, struct err *err);
int delivery_bridge_yield(void *bridge, struct err *err);
int delivery_bridge_taken_over(void *bridge, int32_t partition, uint64_t owner, struct err *err);

/*
 * After the loop: waits until the mails that have begun are over, and commits their results in a
 * last batch.
 */
int delivery_bridge_drain(struct delivery_bridge *bridge, struct err *err);
void delivery_bridge_close(struct delivery_bridge *bridge);

#endif
