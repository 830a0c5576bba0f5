/* topic_feed.c - see topic_feed.h; librdkafka. */
#include "topic_feed.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/text.h"
#include "common/base/tick.h"
#include "common/io/process/clock.h"
#include "kafka_trouble.h"
#include "topic_bounds.h"
#include "topic_client.h"
#include "topic_watch.h"

struct place {
	int64_t next;
	bool has_ended; /* its end was reached once */
};

struct topic_feed {
	struct feed_options options;
	rd_kafka_t *client;
	rd_kafka_message_t *message; /* the one that was given last */
	struct topic_watch *watch;
	unsigned topics;
	int32_t partitions;   /* of each topic */
	struct place *places; /* topics x partitions */
	size_t open;          /* whose end was not reached yet */
	int64_t tick_ms;      /* the newest; 0: none */
};

static struct place *place_of(const struct topic_feed *feed, unsigned topic, int32_t partition)
{
	return &feed->places[(size_t)topic * (size_t)feed->partitions + (size_t)partition];
}

/* All topics of ours have the same number. */
static int count_partitions(struct topic_feed *feed, struct err *err)
{
	int32_t count;

	for (; feed->options.topics[feed->topics]; feed->topics++) {
		const char *topic = feed->options.topics[feed->topics];

		if (topic_client_expect(feed->client, topic, "Read", TOPIC_ASK_MS, &count, err) < 0)
			return -1;
		if (feed->topics == 0)
			feed->partitions = count;
		else if (count != feed->partitions)
			return topic_grew(topic, feed->partitions, count, err);
	}
	feed->open = (size_t)feed->topics * (size_t)feed->partitions;
	feed->places = calloc(feed->open, sizeof(*feed->places));
	if (!feed->places)
		abort();
	return 0;
}

static int add_place(struct topic_feed *feed, unsigned topic, int32_t partition,
		     rd_kafka_topic_partition_list_t *list, struct err *err)
{
	struct place *place = place_of(feed, topic, partition);
	const char *name = feed->options.topics[topic];
	int64_t first, end;

	if (topic_bounds(feed->client, name, partition, "Read", BOUNDS_PATIENCE_MS, &first, &end,
			 err) < 0)
		return -1;
	place->next = feed->options.from(feed->options.context, topic, partition);
	if (place->next > end)
		return err_set(err,
			       "topic %s, partition %d: %" PRId64
			       " records were read, and it ends at %" PRId64 ": it was made anew",
			       name, (int)partition, place->next, end);
	if (place->next < first)
		place->next = first;
	rd_kafka_topic_partition_list_add(list, name, partition)->offset = place->next;
	return 0;
}

static int assign(struct topic_feed *feed, struct err *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(64);
	rd_kafka_resp_err_t code;
	int r = 0;

	for (unsigned t = 0; t < feed->topics && r == 0; t++)
		for (int32_t p = 0; p < feed->partitions && r == 0; p++)
			r = add_place(feed, t, p, list, err);
	if (r == 0 && (code = rd_kafka_assign(feed->client, list)))
		r = err_environment(err, "kafka: %s", rd_kafka_err2str(code));
	rd_kafka_topic_partition_list_destroy(list);
	return r;
}

int topic_feed_open(struct topic_feed **ret, const struct feed_options *options, struct err *err)
{
	struct topic_feed *feed = calloc(1, sizeof(*feed));

	if (!feed)
		abort();
	feed->options = *options;
	feed->client =
	    topic_client_open_bounded(options->brokers, options->name, options->name, err);
	if (!feed->client || count_partitions(feed, err) < 0 || assign(feed, err) < 0) {
		topic_feed_close(&feed);
		return -1;
	}
	feed->watch =
	    topic_watch_open(feed->client, feed->partitions, options->topics, feed->topics, NULL);
	*ret = feed;
	return 0;
}

static void forget_message(struct topic_feed *feed)
{
	if (feed->message)
		rd_kafka_message_destroy(feed->message);
	feed->message = NULL;
}

static unsigned topic_of(const struct topic_feed *feed, const rd_kafka_message_t *message)
{
	const char *name = rd_kafka_topic_name(message->rkt);
	unsigned i = 0;

	while (feed->options.topics[i] && strcmp(feed->options.topics[i], name) != 0)
		i++;
	return i;
}

static void note_place(struct topic_feed *feed, const rd_kafka_message_t *message, bool is_end)
{
	unsigned topic = topic_of(feed, message);
	struct place *place;

	if (topic == feed->topics || message->partition >= feed->partitions)
		return;
	place = place_of(feed, topic, message->partition);
	place->next = message->offset + !is_end;
	if (is_end && !place->has_ended) {
		place->has_ended = true;
		feed->open--;
	}
}

static int failed(const struct topic_feed *feed, struct err *err)
{
	const rd_kafka_message_t *message = feed->message;

	err_environment(err, "kafka: %s", rd_kafka_message_errstr(message));
	return kafka_explain(err, feed->client, message->err, "Read",
			     message->rkt ? rd_kafka_topic_name(message->rkt) : NULL);
}

static void note_tick(struct topic_feed *feed, const rd_kafka_message_t *message)
{
	int64_t tick_ms;
	struct err ignored;

	if (text_int64(topic_client_header(message, TICK_HEADER), 0, INT64_MAX, &tick_ms,
		       &ignored) == 0 &&
	    tick_ms > feed->tick_ms)
		feed->tick_ms = tick_ms;
}

/* 1: a record.  0: none, though something came. */
static int look_at(struct topic_feed *feed, struct feed_record *ret, struct err *err)
{
	const rd_kafka_message_t *message = feed->message;

	if (message->err == RD_KAFKA_RESP_ERR__FATAL ||
	    message->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
	    message->err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
		return failed(feed, err);
	if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
		note_place(feed, message, true);
	/* After all other errors the library goes on by itself. */
	if (message->err)
		return 0;
	note_place(feed, message, false);
	if (topic_client_is_tick(message)) {
		note_tick(feed, message);
		return 0;
	}
	*ret = (struct feed_record){.topic = topic_of(feed, message),
				    .partition = message->partition,
				    .partitions = feed->partitions,
				    .offset = message->offset,
				    .stamp_ms = rd_kafka_message_timestamp(message, NULL),
				    .key = slice_of(message->key, message->key_len),
				    .value = slice_of(message->payload, message->len)};
	return 1;
}

int topic_feed_next(struct topic_feed *feed, int wait_ms, struct feed_record *ret, struct err *err)
{
	const int64_t until_ms = clock_monotonic_ms() + wait_ms;
	int r = 0;

	if (topic_watch_check(feed->watch, err) < 0)
		return -1;
	do {
		forget_message(feed);
		feed->message = rd_kafka_consumer_poll(feed->client, wait_ms);
		if (feed->message)
			r = look_at(feed, ret, err);
	} while (r == 0 && feed->message && clock_monotonic_ms() < until_ms);
	return r;
}

int64_t topic_feed_tick_ms(const struct topic_feed *feed)
{
	return feed->tick_ms;
}

struct slice topic_feed_header(const struct topic_feed *feed, const char *name)
{
	return topic_client_header(feed->message, name);
}

int64_t topic_feed_behind(const struct topic_feed *feed)
{
	int64_t behind = 0, low, high;

	for (unsigned t = 0; t < feed->topics; t++)
		for (int32_t p = 0; p < feed->partitions; p++) {
			int64_t next = place_of(feed, t, p)->next;

			if (!rd_kafka_get_watermark_offsets(feed->client, feed->options.topics[t],
							    p, &low, &high) &&
			    high > next)
				behind += high - next;
		}
	return behind;
}

bool topic_feed_has_ended(const struct topic_feed *feed)
{
	return feed->open == 0;
}

void topic_feed_close(struct topic_feed **feed_address)
{
	struct topic_feed *feed = *feed_address;

	if (!feed)
		return;
	*feed_address = NULL;
	forget_message(feed);
	topic_watch_close(&feed->watch);
	if (feed->client) {
		rd_kafka_consumer_close(feed->client);
		rd_kafka_destroy(feed->client);
	}
	free(feed->places);
	free(feed);
}
