/*
 * topic_watch.h - whether the topics are still what they were when we started.
 *
 * Who decides for a customer follows from the number of partitions, so that
 * number must not change under a running service.  A thread asks the brokers
 * every few seconds; nothing that is hot waits for it.
 */
#ifndef NURTURE_IO_TOPIC_WATCH_H
#define NURTURE_IO_TOPIC_WATCH_H

#include <librdkafka/rdkafka.h>

#include "../base/err.h"

struct topic_watch;

/*
 * Asks about all topics that the client has handles of, on a thread of its
 * own; each must have this many partitions.  The client must outlive it.
 */
struct topic_watch *topic_watch_open(rd_kafka_t *client, int32_t partitions);
/* -1 with ERR_CONFIG and what to do once a topic has another number, ERR_ENVIRONMENT once one is gone. Cheap. */
int topic_watch_check(struct topic_watch *watch, struct err *err);
/* NULL-safe, sets NULL. */
void topic_watch_close(struct topic_watch **watch);

/* The sentence about a topic that has `now` partitions where everybody decides by `before`. Returns -1. */
int topic_grew(const char *topic, int32_t before, int32_t now, struct err *err);

#endif
