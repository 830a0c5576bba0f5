/* kafka_internal.h - what kafka.c (the consumer) and kafka_put.c (the producer) share. */
#ifndef NURTURE_IO_KAFKA_KAFKA_INTERNAL_H
#define NURTURE_IO_KAFKA_KAFKA_INTERNAL_H

#include <librdkafka/rdkafka.h>

#include "kafka.h"
#include "topic_watch.h"

enum { KAFKA_OUTPUTS_MAX = 8, KAFKA_TIMEOUT_MS = 30000 };

struct kafka {
	rd_kafka_t *consumer, *producer;
	/*
	 * Asks about all partitions, whoever has them. The consumer would wait for commits that
	 * their owners have under way, and some owner always has one.
	 */
	rd_kafka_t *looker;
	/*
	 * Who we are in the group since the partitions were assigned.  A commit says it, so the
	 * brokers refuse one that comes after the group has gone on without us.
	 */
	rd_kafka_consumer_group_metadata_t *membership;
	rd_kafka_topic_t *output_topics[KAFKA_OUTPUTS_MAX];
	rd_kafka_headers_t *output_headers[KAFKA_OUTPUTS_MAX]; /* of each record; NULL: none */
	/*
	 * The offset that was taken last, for each output and partition; -1 at first. Offsets only
	 * grow, also over transactions that were given up.
	 */
	int64_t *delivered;
	const char *state_output;
	bool is_anew; /* one has gone back; why_anew says which */
	struct err why_anew;
	bool is_denied; /* a record was refused for want of an ACL; why_denied says which */
	struct err why_denied;
	const char *brokers, *inputs[KAFKA_INPUTS_MAX];
	unsigned input_count, output_count;
	int32_t partition_count;
	size_t record_max_bytes;
	struct kafka_listener listener;
	struct topic_watch *input_watch, *output_watch;
	struct kafka_lag *lag;
	int64_t
	    broker_ms; /* when the newest record of the transaction was stored, by the broker's clock */
	bool in_transaction;
	bool was_polled;
	bool failed; /* a callback failed; why says how */
	struct err why;
};

/* Sets partition_count; ERR_CONFIG when the topics differ in it. */
int kafka_check_topics(struct kafka *kafka, const struct kafka_options *options, struct err *err);
/* kafka_positions.c: the index of an input. */
int kafka_input_of(const struct kafka *kafka, const char *topic);
/* What a group has committed of one partition, its metadata cut to what a position holds. */
struct kafka_position kafka_position_of(const rd_kafka_topic_partition_t *from, unsigned input);
/* What the group has committed of these, with what the topics have; tells known() of all. */
int kafka_read_positions(struct kafka *kafka, rd_kafka_topic_partition_list_t *list,
			 struct kafka_position *ret, struct err *err);
/* kafka_limits.c: sets record_max_bytes; ERR_CONFIG when a topic takes next to nothing. */
int kafka_learn_limits(struct kafka *kafka, const struct kafka_options *options, struct err *err);
/* The same for any topics, by any client: the most bytes of a record that all of them take. */
int kafka_ask_limits(rd_kafka_t *client, const char *const *topics, size_t count,
		     size_t *ret_max_bytes, struct err *err);
int kafka_producer_open(struct kafka *kafka, const struct kafka_options *options, struct err *err);
void kafka_producer_close(struct kafka *kafka);

#endif
