/*
 * topic_feed.h - some topics, all partitions of each, from places that the caller knows.
 *
 * For whoever keeps with what it made of the records how far it has come: it joins no group and
 * commits nothing, so every instance gets everything.  Only what was committed is seen
 * (read_committed).  Ticks are no records; only the newest is known.  Records of one partition come in order, those of
 * several mixed.
 */
#ifndef NURTURE_IO_KAFKA_TOPIC_FEED_H
#define NURTURE_IO_KAFKA_TOPIC_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"

struct topic_feed;

struct feed_options {
	const char *brokers;       /* kept by reference */
	const char *name;          /* of the client, as brokers show it, and of the group that
				      librdkafka wants to hear of */
	const char *const *topics; /* full names, ended by NULL; kept by reference */
	/* The offset to go on from; 0: from the beginning. */
	int64_t (*from)(void *context, unsigned topic, int32_t partition);
	void *context;
};

struct feed_record {
	unsigned topic;                /* index into the topics */
	int32_t partition, partitions; /* partitions: how many the topic has */
	int64_t offset;
	int64_t stamp_ms;        /* Kafka's; -1: none */
	struct slice key, value; /* valid until the next call; value.bytes NULL: a tombstone */
};

/*
 * What a topic has dropped meanwhile is passed over.  ERR_INPUT: a topic ends before the place that
 * the caller knows, so it is another one of the same name, and what was made of it means nothing.
 */
int topic_feed_open(struct topic_feed **ret, const struct feed_options *options, struct err *err);
/* 1: *ret is a record.  0: none within wait_ms.  -1: nothing will come any more; close it. */
int topic_feed_next(struct topic_feed *feed, int wait_ms, struct feed_record *ret, struct err *err);
/* The last header of this name of the record that came last; .bytes NULL: there is none. */
struct slice topic_feed_header(const struct topic_feed *feed, const char *name);
/* The newest instant that a tick of any of the topics has told; 0: there was none. */
int64_t topic_feed_tick_ms(const struct topic_feed *feed);
/* How many records are still to be read, as far as is known by now, markers counted in. */
int64_t topic_feed_behind(const struct topic_feed *feed);
/* Has the end of every partition been reached once? */
bool topic_feed_has_ended(const struct topic_feed *feed);
/* NULL-safe, sets NULL. */
void topic_feed_close(struct topic_feed **feed);

#endif
