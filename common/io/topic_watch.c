/* topic_watch.c - see topic_watch.h; librdkafka. */
#include "topic_watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"

enum { ASK_EVERY_MS = 3000, ANSWER_MS = 5000, GONE_AFTER = 3 };

struct topic_watch {
	rd_kafka_t *client;
	int32_t partitions;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stop;		/* lock */
	int gone;		/* answers in a row in which a topic was not there */
	_Atomic bool failed;	/* set once, after why */
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

static int look_at(struct topic_watch *watch, const struct rd_kafka_metadata *said)
{
	bool gone = false;

	for (int i = 0; i < said->topic_cnt; i++) {
		const struct rd_kafka_metadata_topic *topic = &said->topics[i];

		if (topic->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
			gone = true;
			if (watch->gone + 1 >= GONE_AFTER)
				return err_environment(&watch->why,
						       "topic %s is not there any more",
						       topic->topic);
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
	if (look_at(watch, said) < 0)
		watch->failed = true;
	rd_kafka_metadata_destroy(said);
}

static void *serve(void *argument)
{
	struct topic_watch *watch = argument;

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

struct topic_watch *topic_watch_open(rd_kafka_t *client, int32_t partitions)
{
	struct topic_watch *watch = calloc(1, sizeof(*watch));
	pthread_condattr_t monotonic;

	if (!watch)
		abort();
	watch->client = client;
	watch->partitions = partitions;
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
	free(watch);
}
