/* offline_internal.h - what offline.c (writing) and offline_read.c share. */
#ifndef NURTURE_IO_KAFKA_OFFLINE_INTERNAL_H
#define NURTURE_IO_KAFKA_OFFLINE_INTERNAL_H

#include "kafka_internal.h"
#include "offline.h"
#include "topic_client.h"

enum { OFFLINE_TOPICS_MAX = 16 };

struct offline {
	rd_kafka_t *consumer, *producer;
	rd_kafka_t *all; /* sees uncommitted records as well */
	rd_kafka_topic_t *topics[OFFLINE_TOPICS_MAX];
	size_t topic_count;
	bool is_open; /* a transaction */
};

#endif
