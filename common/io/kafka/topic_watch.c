/* topic_watch.c - see topic_watch.h; librdkafka. */
#include "topic_watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "common/io/process/clock.h"
#include "topic_ends.h"

enum { ASK_EVERY_MS = 3000, ANSWER_MS = 5000, GONE_AFTER = 3 };

struct topic_watch {
	rd_kafka_t *client;
	int32_t partitions;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stop; /* lock */
	int gone;  /* answers in a row in which a topic was not there */
	struct topic_ends *ends;
	_Atomic bool failed; /* set once, after why */
	struct err why;
};

int topic_grew(const char *topic, int32_t before, int32_t now, struct err *err)
{
	return err_config(err,
			  "topic %s has %d partitions, and customers are decided by %d: on another "
			  "number the same customer is on another partition. Nothing is lost: what "
			  "is not decided stays where it is. Stop the services and run nurturectl "
			  "repartition --partitions N",
			  topic, (int)now, (int)before);
}

int topic_made_anew(const char *topic, int32_t partition, int64_t before, int64_t now,
		    bool is_state, struct err *err)
{
	if (is_state)
		return err_config(
		    err,
		    "topic %s, partition %d: it had records up to offset %lld and now "
		    "goes on at %lld: it was emptied or made anew while this service was "
		    "running, which keeps there what it knows. What was not committed is "
		    "decided again. Bring the topic back; nurturectl accept goes on with "
		    "what it has, and forgets the rest",
		    topic, (int)partition, (long long)before, (long long)now);
	return err_environment(
	    err,
	    "topic %s, partition %d: it had records up to offset %lld and now goes "
	    "on at %lld: it was emptied or made anew while this service was "
	    "running. What stood there is gone; what was not committed is decided "
	    "again, into the topic that there is now",
	    topic, (int)partition, (long long)before, (long long)now);
}

static int look_at(struct topic_watch *watch, const struct rd_kafka_metadata *said)
{
	bool gone = false;

	for (int i = 0; i < said->topic_cnt; i++) {
		const struct rd_kafka_metadata_topic *topic = &said->topics[i];

		if (topic->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
			gone = true;
			if (watch->gone + 1 >= GONE_AFTER)
				return err_environment(
				    &watch->why, "topic %s is not there any more", topic->topic);
		} else if (!topic->err && topic->partition_cnt > 0 &&
			   topic->partition_cnt != watch->partitions) {
			return topic_grew(topic->topic, watch->partitions, topic->partition_cnt,
					  &watch->why);
		}
	}
	watch->gone = gone ? watch->gone + 1 : 0;
	return 0;
}

static void ask(struct topic_watch *watch)
{
	const struct rd_kafka_metadata *said;

	/* Brokers that do not answer are no news to who works with them. */
	if (rd_kafka_metadata(watch->client, 0, NULL, &said, ANSWER_MS))
		return;
	if (look_at(watch, said) < 0 ||
	    topic_ends_look(watch->ends, watch->client, &watch->why) < 0)
		watch->failed = true;
	rd_kafka_metadata_destroy(said);
}

static void *serve(void *argument)
{
	struct topic_watch *watch = argument;

	ask(watch); /* where the ends are at the start */
	pthread_mutex_lock(&watch->lock);
	while (!watch->stop && !watch->failed) {
		int64_t until_ms = clock_monotonic_ms() + ASK_EVERY_MS;
		struct timespec until = {.tv_sec = until_ms / 1000,
					 .tv_nsec = until_ms % 1000 * 1000000};

		pthread_cond_timedwait(&watch->changed, &watch->lock, &until);
		if (watch->stop)
			break;
		pthread_mutex_unlock(&watch->lock);
		ask(watch);
		pthread_mutex_lock(&watch->lock);
	}
	pthread_mutex_unlock(&watch->lock);
	return NULL;
}

struct topic_watch *topic_watch_open(rd_kafka_t *client, int32_t partitions,
				     const char *const *ends, size_t end_count, const char *state)
{
	struct topic_watch *watch = calloc(1, sizeof(*watch));
	pthread_condattr_t monotonic;

	if (!watch)
		abort();
	watch->client = client;
	watch->partitions = partitions;
	watch->ends = topic_ends_open(ends, end_count, partitions, state);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&watch->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&watch->lock, NULL);
	if (pthread_create(&watch->thread, NULL, serve, watch) != 0)
		abort();
	return watch;
}

int topic_watch_check(struct topic_watch *watch, struct err *err)
{
	if (!watch || !watch->failed)
		return 0;
	*err = watch->why;
	return -1;
}

void topic_watch_close(struct topic_watch **watch_address)
{
	struct topic_watch *watch = *watch_address;

	if (!watch)
		return;
	*watch_address = NULL;
	pthread_mutex_lock(&watch->lock);
	watch->stop = true;
	pthread_cond_broadcast(&watch->changed);
	pthread_mutex_unlock(&watch->lock);
	pthread_join(watch->thread, NULL);
	pthread_cond_destroy(&watch->changed);
	pthread_mutex_destroy(&watch->lock);
	topic_ends_close(watch->ends);
	free(watch);
}
