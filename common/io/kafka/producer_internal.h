/* producer_internal.h - what the producer*.c files share. */
#ifndef NURTURE_IO_KAFKA_PRODUCER_INTERNAL_H
#define NURTURE_IO_KAFKA_PRODUCER_INTERNAL_H

#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "producer.h"

enum { PRODUCER_TOPICS_MAX = 16, PRODUCER_ASK_MS = 5000 };

struct producer_topic {
	char *name;
	rd_kafka_topic_t *handle;
	_Atomic int32_t partitions; /* 0: not known yet; -1: there is no such topic */
	/*
	 * The first number that was seen.  Keys go by it as long as the process lives: who reads
	 * decides by it too, and a record on a partition that was added would be read by nobody.
	 */
	_Atomic int32_t pinned;
};

struct producer {
	rd_kafka_t *client;
	char *brokers;
	producer_acked acked;
	const char *topic;                           /* the only one, or NULL */
	void (*acks_begin)(void), (*acks_end)(void); /* never NULL */
	_Atomic int64_t outstanding;
	rd_kafka_headers_t *headers[RECORD_KIND_COUNT]; /* NULL: none */
	struct producer_topic topics[PRODUCER_TOPICS_MAX];
	_Atomic size_t topic_count; /* only grows, under the lock */
	_Atomic bool reachable, dead, stop_acks;
	_Atomic int64_t denied_told_ms; /* monotonic: a missing ACL was logged last; 0: never */
	pthread_t acks, watcher;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool ask_now, stop_watcher; /* lock, as all below */
	int64_t failed;             /* since the last flush, of those that nobody was told */
	char first_failure[300];
};

/* producer_client.c: makes producer->client, with this as its callback for acknowledgements. */
int producer_client_open(struct producer *producer, const struct producer_options *options,
			 struct err *err);
void producer_on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque);

/* The topic's entry, made when it is new; NULL when there are too many. */
struct producer_topic *producer_topic(struct producer *producer, const char *name);
/* "topic nurture.events does not exist: run nurturectl topics" and the like. */
void producer_explain(const struct producer *producer, char *text, size_t size, const char *topic,
		      rd_kafka_resp_err_t code);
/* The thread that asks the brokers how they are, until stop_watcher. */
void *producer_watch(void *producer);
/* Until the condition's time has come; CLOCK_MONOTONIC, lock held. */
void producer_wait(struct producer *producer, int64_t until_ms);
void producer_topics_free(struct producer *producer);

#endif
