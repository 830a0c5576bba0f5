/*
 * delivery_bridge.h - between the loop and the connections: what is handed over, what
 * comes back, and the journal that survives a crash of both.
 */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_BRIDGE_H
#define NURTURE_EMAIL_SENDER_DELIVERY_BRIDGE_H

#include "common/stream/stream.h"
#include "journal.h"
#include "services/email-sender/delivery/pool.h"

struct post {
	struct stream *stream;
	struct send_pool *pool;
	bool by_batch;               /* event time: all of a batch before the next */
	struct attempts *attempts;   /* the loop's own connection to the journal */
	struct send_journal journal; /* what owners before left */
	struct post_done {
		int32_t partition;
		uint64_t owner;
		char name[SEND_ATTEMPT_BYTES];
	} *done; /* handed in, and not yet committed */
	size_t done_count, done_room;
};

/* Hands in all results that there are. */
void post_collect(struct post *post);
/* Until nothing is in flight, or the time is up. */
void post_wait_for_all(struct post *post, int64_t patience_ms);
/* One batch; what it intends goes to the connections. wait_ms as stream_begin(). */
int post_batch(struct post *post, int wait_ms, struct err *err);

/* For stream_options: context is the post. */
int post_yield(void *post, struct err *err);
int post_taken_over(void *post, int32_t partition, uint64_t owner, struct err *err);

void post_close(struct post *post);

#endif
