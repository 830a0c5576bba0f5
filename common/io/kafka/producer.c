/*
 * producer.c - see producer.h; librdkafka.
 *
 * Every record that is taken is counted until its acknowledgement was handed
 * out, by a thread of ours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/base/tick.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/message/trace_context.h"
#include "kafka_trouble.h"
#include "producer_internal.h"
#include "record_headers.h"

enum { POLL_MS = 50, CLOSE_MS = 5000, DENIED_AGAIN_MS = 60000 };

/* Stands for "nobody asked" as a record's opaque. */
static char nobody;

static void note_failure(struct producer *producer, const char *failure)
{
	pthread_mutex_lock(&producer->lock);
	if (producer->failed++ == 0)
		snprintf(producer->first_failure, sizeof(producer->first_failure), "%s", failure);
	pthread_mutex_unlock(&producer->lock);
}

/* One record less is outstanding; the lock is taken only for the last, who wakes the flush. */
static void settle(struct producer *producer, const char *failure)
{
	if (failure)
		note_failure(producer, failure);
	if (atomic_fetch_sub(&producer->outstanding, 1) > 1)
		return;
	pthread_mutex_lock(&producer->lock);
	pthread_cond_broadcast(&producer->changed);
	pthread_mutex_unlock(&producer->lock);
}

/* Who is refused so gets an error of its own kind; whoever runs this must hear of it, too. */
static void tell_denied(struct producer *producer, const char *why)
{
	int64_t now_ms = clock_monotonic_ms();

	if (producer->denied_told_ms && now_ms - producer->denied_told_ms < DENIED_AGAIN_MS)
		return;
	producer->denied_told_ms = now_ms;
	log_event(LOG_LEVEL_ERROR, "kafka_denied", "why", why, NULL);
}

void producer_on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
	struct producer *producer = opaque;
	bool told = producer->acked && message->_private != &nobody;
	char text[300];
	const char *failure = NULL;

	(void)client;
	if (message->err) {
		producer_explain(producer, text, sizeof(text), rd_kafka_topic_name(message->rkt),
				 message->err);
		failure = text;
		if (kafka_is_denied(message->err))
			tell_denied(producer, text);
	}
	if (told)
		producer->acked(message->_private, failure);
	settle(producer, told ? NULL : failure);
}

static void *serve_acks(void *argument)
{
	struct producer *producer = argument;

	/* One call waits for the first acknowledgement and hands out all that are there. */
	while (!producer->stop_acks) {
		producer->acks_begin();
		rd_kafka_poll(producer->client, POLL_MS);
		producer->acks_end();
	}
	return NULL;
}

static void nothing_more(void)
{
}

static void init_lock(struct producer *producer)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&producer->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&producer->lock, NULL);
}

int producer_open(struct producer **ret, const struct producer_options *options, struct err *err)
{
	struct producer *producer = calloc(1, sizeof(*producer));

	if (!producer)
		abort();
	if (producer_client_open(producer, options, err) < 0) {
		free(producer);
		return -1;
	}
	producer->brokers = strdup(options->brokers);
	producer->acked = options->acked;
	producer->topic = options->topic;
	producer->acks_begin = options->acks_begin ? options->acks_begin : nothing_more;
	producer->acks_end = options->acks_end ? options->acks_end : nothing_more;
	for (unsigned kind = 0; kind < RECORD_KIND_COUNT; kind++)
		producer->headers[kind] = record_headers_new((enum record_kind)kind);
	init_lock(producer);
	/* Without its threads a process of ours is of no use; this does not come back. */
	if (!producer->brokers ||
	    pthread_create(&producer->acks, NULL, serve_acks, producer) != 0 ||
	    pthread_create(&producer->watcher, NULL, producer_watch, producer) != 0)
		abort();
	*ret = producer;
	return 0;
}

/* After a produce call that did not take the record. */
static int refused(struct producer *producer, const struct producer_topic *topic,
		   rd_kafka_resp_err_t code, struct err *err)
{
	char why[300];

	settle(producer, NULL);
	if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL)
		return 0;
	if (code == RD_KAFKA_RESP_ERR__FATAL)
		producer->dead = true;
	producer_explain(producer, why, sizeof(why), topic->name, code);
	return err_environment(err, "%s", why);
}

static struct producer_topic *usable_topic(struct producer *producer, const char *name,
					   struct err *err)
{
	struct producer_topic *topic = producer_topic(producer, name);

	if (!topic)
		err_set(err, "topic %s: cannot be used, or there are more than %d", name,
			PRODUCER_TOPICS_MAX);
	else if (topic->partitions < 0)
		err_environment(err, "topic %s does not exist: run nurturectl topics", name);
	else
		return topic;
	return NULL;
}

/* The headers are the library's once it has taken the record; before, they are freed here. */
static rd_kafka_resp_err_t produce(struct producer *producer, const struct producer_topic *topic,
				   int32_t partition, struct slice key, struct slice value,
				   rd_kafka_headers_t *headers, void *opaque)
{
	rd_kafka_resp_err_t code = rd_kafka_producev(
	    producer->client, RD_KAFKA_V_RKT(topic->handle), RD_KAFKA_V_PARTITION(partition),
	    RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key.bytes, key.len),
	    RD_KAFKA_V_VALUE((void *)(uintptr_t)value.bytes, value.len),
	    RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);

	if (code)
		record_headers_free(headers);
	return code;
}

static rd_kafka_headers_t *headers_of(const struct producer *producer, enum record_kind kind,
				      const char *traceparent)
{
	rd_kafka_headers_t *headers = NULL;

	if (producer->headers[kind])
		headers = rd_kafka_headers_copy(producer->headers[kind]);
	if (traceparent && !headers)
		headers = rd_kafka_headers_new(1);
	if (traceparent)
		rd_kafka_header_add(headers, TRACE_HEADER, -1, traceparent, -1);
	return headers;
}

int producer_send(struct producer *producer, const char *name, int32_t partition, struct slice key,
		  struct slice value, enum record_kind kind, void *opaque, struct err *err)
{
	return producer_send_traced(producer, name, partition, key, value, kind, NULL, opaque, err);
}

int producer_send_traced(struct producer *producer, const char *name, int32_t partition,
			 struct slice key, struct slice value, enum record_kind kind,
			 const char *traceparent, void *opaque, struct err *err)
{
	struct producer_topic *topic = usable_topic(producer, name, err);
	rd_kafka_resp_err_t code;

	if (!topic)
		return -1;
	atomic_fetch_add(&producer->outstanding, 1);
	/* Not the client's own partitioner: it would follow the topic when that grows. */
	if (partition < 0 && topic->pinned > 0 && key.len > 0)
		partition = partition_of(key, topic->pinned);
	code = produce(producer, topic, partition < 0 ? RD_KAFKA_PARTITION_UA : partition, key,
		       value, headers_of(producer, kind, traceparent), opaque);
	return code ? refused(producer, topic, code, err) : 1;
}

int producer_dead_letter(struct producer *producer, const char *name, struct slice key,
			 struct slice value, const char *service, const char *reason, void *opaque,
			 struct err *err)
{
	struct producer_topic *topic = usable_topic(producer, name, err);
	int32_t partition = RD_KAFKA_PARTITION_UA;
	rd_kafka_resp_err_t code;

	if (!topic)
		return -1;
	if (topic->pinned > 0 && key.len > 0)
		partition = partition_of(key, topic->pinned);
	atomic_fetch_add(&producer->outstanding, 1);
	code = rd_kafka_producev(
	    producer->client, RD_KAFKA_V_RKT(topic->handle), RD_KAFKA_V_PARTITION(partition),
	    RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key.bytes, key.len),
	    RD_KAFKA_V_VALUE((void *)(uintptr_t)value.bytes, value.len),
	    RD_KAFKA_V_HEADER("nurture-reason", reason, strlen(reason)),
	    RD_KAFKA_V_HEADER("nurture-service", service, strlen(service)),
	    RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
	return code ? refused(producer, topic, code, err) : 1;
}

/*
 * The partition is looked up before, not only for a clear error: librdkafka
 * before 2.12 frees the headers twice when it does not exist.
 */
int producer_tick(struct producer *producer, const char *name, int32_t partition, int64_t time_ms,
		  struct err *err)
{
	struct producer_topic *topic = usable_topic(producer, name, err);
	rd_kafka_resp_err_t code;
	char time_text[24];
	int32_t partitions;

	if (!topic)
		return -1;
	partitions = topic->partitions;
	if (partitions == 0 && producer_partitions(producer, name, &partitions, err) < 0)
		return -1;
	if (partition < 0 || partition >= partitions)
		return err_set(err, "topic %s has no partition %d: it has %d", name, partition,
			       partitions);
	snprintf(time_text, sizeof(time_text), "%lld", (long long)time_ms);
	atomic_fetch_add(&producer->outstanding, 1);
	code = rd_kafka_producev(producer->client, RD_KAFKA_V_RKT(topic->handle),
				 RD_KAFKA_V_PARTITION(partition),
				 RD_KAFKA_V_HEADER(TICK_HEADER, time_text, strlen(time_text)),
				 RD_KAFKA_V_OPAQUE(&nobody), RD_KAFKA_V_END);
	return code ? refused(producer, topic, code, err) : 1;
}

int producer_flush(struct producer *producer, int timeout_ms, struct err *err)
{
	int64_t until_ms = clock_monotonic_ms() + timeout_ms;
	int r = 0;

	pthread_mutex_lock(&producer->lock);
	while (producer->outstanding > 0 && clock_monotonic_ms() < until_ms)
		producer_wait(producer, until_ms);
	if (producer->failed)
		r = err_environment(err, "%lld records were not acknowledged; the first: %s",
				    (long long)producer->failed, producer->first_failure);
	else if (producer->outstanding)
		r = err_environment(err, "%lld records were not acknowledged within %d ms",
				    (long long)atomic_load(&producer->outstanding), timeout_ms);
	producer->failed = 0;
	pthread_mutex_unlock(&producer->lock);
	return r;
}

int producer_check(struct producer *producer, struct err *err)
{
	char why[300];
	rd_kafka_resp_err_t code;

	if (!producer->dead)
		return 0;
	code = rd_kafka_fatal_error(producer->client, why, sizeof(why));
	err_environment(err, "kafka: the producer cannot go on: %s", code ? why : "fatal error");
	if (code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED && producer->topic)
		kafka_explain(err, producer->client, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
			      "Write", producer->topic);
	return -1;
}

void producer_close(struct producer **producer_address)
{
	struct producer *producer = *producer_address;
	struct err ignored;

	if (!producer)
		return;
	*producer_address = NULL;
	/* Records that are still under way fail now, and their senders are told. */
	rd_kafka_purge(producer->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	producer_flush(producer, CLOSE_MS, &ignored);
	pthread_mutex_lock(&producer->lock);
	producer->stop_watcher = true;
	producer->stop_acks = true;
	pthread_cond_broadcast(&producer->changed);
	pthread_mutex_unlock(&producer->lock);
	pthread_join(producer->watcher, NULL);
	pthread_join(producer->acks, NULL);
	producer_topics_free(producer);
	rd_kafka_destroy(producer->client);
	for (unsigned kind = 0; kind < RECORD_KIND_COUNT; kind++)
		record_headers_free(producer->headers[kind]);
	pthread_cond_destroy(&producer->changed);
	pthread_mutex_destroy(&producer->lock);
	free(producer->brokers);
	free(producer);
}
