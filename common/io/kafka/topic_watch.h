/*
 * topic_watch.h - whether the topics are still what they were when we started.
 *
 * Who decides for a customer follows from the number of partitions, so that
 * number must not change under a running service; and a topic whose end has
 * gone back is another one than was written to.  A thread asks the brokers
 * every few seconds; nothing that is hot waits for it.
 */
#ifndef NURTURE_IO_KAFKA_TOPIC_WATCH_H
#define NURTURE_IO_KAFKA_TOPIC_WATCH_H

#include <librdkafka/rdkafka.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct topic_watch;

/*
 * Asks about all topics that the client has handles of, on a thread of its
 * own; each must have this many partitions.  ends: those whose ends are looked
 * at too, of which `state` (may be NULL) is what the service knows; they are
 * copied.  The client must outlive it.
 */
struct topic_watch *topic_watch_open(rd_kafka_t *client, int32_t partitions,
				     const char *const *ends, size_t end_count, const char *state);
/*
 * -1 with ERR_CONFIG and what to do once a topic has another number, ERR_ENVIRONMENT once one is
 * gone, as topic_made_anew() says once an end has gone back. Cheap.
 */
int topic_watch_check(struct topic_watch *watch, struct err *err);
/* NULL-safe, sets NULL. */
void topic_watch_close(struct topic_watch **watch);

/* The sentence about a topic that has `now` partitions where everybody decides by `before`. Returns
 * -1. */
int topic_grew(const char *topic, int32_t before, int32_t now, struct err *err);
/*
 * The sentence about a topic that had records before offset `before` and now ends, or takes the
 * next, at `now`.  ERR_CONFIG when it is what the service knows, else ERR_ENVIRONMENT. Returns -1.
 */
int topic_made_anew(const char *topic, int32_t partition, int64_t before, int64_t now,
		    bool is_state, struct err *err);

#endif
