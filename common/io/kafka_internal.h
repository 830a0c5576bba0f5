/* kafka_internal.h - what kafka.c (the consumer) and kafka_put.c (the producer) share. */
#ifndef NURTURE_IO_KAFKA_INTERNAL_H
#define NURTURE_IO_KAFKA_INTERNAL_H

#include <librdkafka/rdkafka.h>

#include "kafka.h"

enum { KAFKA_OUTPUTS_MAX = 8, KAFKA_TIMEOUT_MS = 30000 };

struct kafka {
	rd_kafka_t *consumer, *producer;
	rd_kafka_topic_t *output_topics[KAFKA_OUTPUTS_MAX];
	const char *inputs[KAFKA_INPUTS_MAX];
	unsigned input_count, output_count;
	int32_t partition_count;
	struct kafka_listener listener;
	bool in_transaction;
	bool was_polled;
	bool failed; /* a callback failed; why says how */
	struct err why;
};

/* ERR_CONFIG when librdkafka does not take the setting. */
int kafka_set(rd_kafka_conf_t *conf, const char *name, const char *value, struct err *err);
/* The library's own lines as ours; it logs from threads of its own. */
void kafka_log(const rd_kafka_t *client, int level, const char *facility, const char *text);
/* Sets partition_count; ERR_CONFIG when the topics differ in it. */
int kafka_check_topics(struct kafka *kafka, const struct kafka_options *options, struct err *err);
int kafka_producer_open(struct kafka *kafka, const struct kafka_options *options, struct err *err);
void kafka_producer_close(struct kafka *kafka);

#endif
