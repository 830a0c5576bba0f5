/*
 * producer_topic.c - which topics there are, and whether the brokers answer.
 *
 * The client library says when brokers go and never when they are back, so a
 * thread asks every two seconds.  The question creates no topic.
 */
#include "producer_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/io/process/clock.h"
#include "kafka_trouble.h"

enum { ASK_EVERY_MS = 2000, WATCH_MS = 2000 };

static struct producer_topic *find(const struct producer *producer, const char *name)
{
	size_t count = producer->topic_count;

	for (size_t i = 0; i < count; i++)
		if (strcmp(producer->topics[i].name, name) == 0)
			return (struct producer_topic *)(uintptr_t)&producer->topics[i];
	return NULL;
}

/*
 * A record for a topic that is not there waits for it until its time is over:
 * then "timed out" is not the reason.
 */
static bool is_missing(const struct producer *producer, const char *name, rd_kafka_resp_err_t code)
{
	const struct producer_topic *topic = find(producer, name);

	return code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
	       code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
	       code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION ||
	       (code == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT && topic && topic->partitions < 0);
}

/* The library's words, and the ACL that is missing when it is that. */
static void explain(const struct producer *producer, char *text, size_t size, const char *topic,
		    rd_kafka_resp_err_t code)
{
	struct err err;

	err_environment(&err, "topic %s: %s", topic, rd_kafka_err2str(code));
	(void)kafka_explain(&err, producer->client, code, "Write", topic);
	snprintf(text, size, "%s", err.text);
}

static int no_answer(const struct producer *producer, struct err *err)
{
	err_environment(err, "kafka at %s: no answer", producer->brokers);
	return kafka_explain(err, producer->client, RD_KAFKA_RESP_ERR__TRANSPORT, NULL, NULL);
}

void producer_explain(const struct producer *producer, char *text, size_t size, const char *topic,
		      rd_kafka_resp_err_t code)
{
	if (is_missing(producer, topic, code))
		snprintf(text, size, "topic %s does not exist: run nurturectl topics", topic);
	else if (code == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT)
		snprintf(text, size, "topic %s: not acknowledged in time", topic);
	else
		explain(producer, text, size, topic, code);
}

static struct producer_topic *add(struct producer *producer, const char *name)
{
	struct producer_topic *topic = find(producer, name);

	if (topic || producer->topic_count == PRODUCER_TOPICS_MAX)
		return topic;
	topic = &producer->topics[producer->topic_count];
	topic->name = strdup(name);
	topic->handle = rd_kafka_topic_new(producer->client, name, NULL);
	if (!topic->name || !topic->handle) {
		free(topic->name);
		return NULL;
	}
	producer->topic_count++;
	/* The watcher looks at it at once, so that a failure can be told for what it is. */
	producer->ask_now = true;
	pthread_cond_broadcast(&producer->changed);
	return topic;
}

struct producer_topic *producer_topic(struct producer *producer, const char *name)
{
	struct producer_topic *topic = find(producer, name);

	if (topic)
		return topic;
	pthread_mutex_lock(&producer->lock);
	topic = add(producer, name);
	pthread_mutex_unlock(&producer->lock);
	return topic;
}

void producer_topics_free(struct producer *producer)
{
	for (size_t i = 0; i < producer->topic_count; i++) {
		rd_kafka_topic_destroy(producer->topics[i].handle);
		free(producer->topics[i].name);
	}
	producer->topic_count = 0;
}

/* What the brokers said of the topics; of the one that is wanted, the code. */
static rd_kafka_resp_err_t note(struct producer *producer, const struct rd_kafka_metadata *said,
				const struct producer_topic *wanted)
{
	rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;

	for (int i = 0; i < said->topic_cnt; i++) {
		const struct rd_kafka_metadata_topic *answer = &said->topics[i];
		struct producer_topic *topic = find(producer, answer->topic);

		if (!topic)
			continue;
		if (topic == wanted)
			code = answer->err;
		if (answer->err == RD_KAFKA_RESP_ERR_NO_ERROR && answer->partition_cnt > 0) {
			topic->partitions = answer->partition_cnt;
			if (topic->pinned == 0)
				topic->pinned = answer->partition_cnt;
		} else if (answer->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
			topic->partitions = -1;
	}
	return code;
}

/* topic NULL: all that are known here. */
static rd_kafka_resp_err_t ask(struct producer *producer, const struct producer_topic *topic,
			       int timeout_ms)
{
	const struct rd_kafka_metadata *said;
	rd_kafka_resp_err_t code;

	code =
	    rd_kafka_metadata(producer->client, 0, topic ? topic->handle : NULL, &said, timeout_ms);
	producer->reachable = code == RD_KAFKA_RESP_ERR_NO_ERROR;
	if (code)
		return code;
	code = note(producer, said, topic);
	rd_kafka_metadata_destroy(said);
	return code;
}

static int ask_partitions(struct producer *producer, const char *name, const char *operation,
			  int32_t *ret, struct err *err)
{
	struct producer_topic *topic = producer_topic(producer, name);
	rd_kafka_resp_err_t code;
	char why[300];

	if (!topic)
		return err_set(err, "topic %s: cannot be used, or there are more than %d", name,
			       PRODUCER_TOPICS_MAX);
	code = ask(producer, topic, PRODUCER_ASK_MS);
	if (code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT)
		return no_answer(producer, err);
	if (kafka_is_denied(code)) {
		err_environment(err, "topic %s: %s", name, rd_kafka_err2str(code));
		return kafka_explain(err, producer->client, code, operation, name);
	}
	if (code || topic->partitions <= 0) {
		producer_explain(producer, why, sizeof(why), name, code);
		return err_environment(err, "%s", code ? why : "the topic is still being created");
	}
	*ret = topic->partitions;
	return 0;
}

int producer_partitions(struct producer *producer, const char *name, int32_t *ret, struct err *err)
{
	return ask_partitions(producer, name, "Write", ret, err);
}

int producer_partitions_read(struct producer *producer, const char *name, int32_t *ret,
			     struct err *err)
{
	return ask_partitions(producer, name, "Read", ret, err);
}

static int topic_changed(const struct producer_topic *topic, struct err *err)
{
	return err_environment(err,
			       "topic %s has %d partitions, and had %d when this instance was "
			       "started: records go where they went before; run nurturectl "
			       "repartition, then start it again",
			       topic->name, (int)topic->partitions, (int)topic->pinned);
}

bool producer_takes(struct producer *producer, const char *name, struct err *err)
{
	const struct producer_topic *topic = find(producer, name);

	/* A topic that has grown still has the partitions that it had. */
	return producer_topic_check(producer, name, err) == 0 ||
	       (producer->reachable && topic && topic->pinned > 0 &&
		topic->partitions > topic->pinned);
}

int producer_topic_check(struct producer *producer, const char *name, struct err *err)
{
	struct producer_topic *topic = producer_topic(producer, name);

	if (!producer->reachable)
		return err_environment(err, "kafka at %s: no answer", producer->brokers);
	if (!topic || topic->partitions < 0)
		return err_environment(err, "topic %s does not exist: run nurturectl topics", name);
	if (topic->partitions == 0)
		return err_environment(err, "topic %s: not asked for yet", name);
	if (topic->partitions != topic->pinned)
		return topic_changed(topic, err);
	return 0;
}

void producer_wait(struct producer *producer, int64_t until_ms)
{
	struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};

	pthread_cond_timedwait(&producer->changed, &producer->lock, &until);
}

void *producer_watch(void *argument)
{
	struct producer *producer = argument;
	int64_t next_ms;

	pthread_mutex_lock(&producer->lock);
	while (!producer->stop_watcher) {
		pthread_mutex_unlock(&producer->lock);
		ask(producer, NULL, WATCH_MS);
		next_ms = clock_monotonic_ms() + ASK_EVERY_MS;
		pthread_mutex_lock(&producer->lock);
		while (!producer->stop_watcher && !producer->ask_now &&
		       clock_monotonic_ms() < next_ms)
			producer_wait(producer, next_ms);
		producer->ask_now = false;
	}
	pthread_mutex_unlock(&producer->lock);
	return NULL;
}
