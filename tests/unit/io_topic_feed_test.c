/* io_topic_feed_test.c - a feed of two topics against the client library's mock cluster. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <string.h>

#include "common/io/kafka/producer.h"
#include "common/io/kafka/topic_feed.h"

enum { PARTITIONS = 2 };

static rd_kafka_t *mock_owner;
static rd_kafka_mock_cluster_t *mock;
static const char *brokers;
static const char *const topics[] = {"feed-a", "feed-b", NULL};

/* From where each partition is read. */
static int64_t places[2][PARTITIONS];

static int64_t place_of(void *context, unsigned topic, int32_t partition)
{
	(void)context;
	return places[topic][partition];
}

static int open_feed(struct topic_feed **ret, struct err *err)
{
	const struct feed_options options = {
	    .brokers = brokers, .name = "test", .topics = topics, .from = place_of};

	return topic_feed_open(ret, &options, err);
}

/* So many records on the partition, and a tick behind each. */
static void fill(const char *topic, int32_t partition, unsigned count)
{
	const struct producer_options options = {
	    .brokers = brokers, .client_id = "test", .delivery_timeout_ms = 5000};
	struct producer *producer;
	struct err err;

	if (producer_open(&producer, &options, &err) < 0)
		fail_msg("%s", err.text);
	for (unsigned i = 0; i < count; i++) {
		char value[16];

		snprintf(value, sizeof(value), "%u", i);
		assert_int_equal(producer_send(producer, topic, partition, slice_text("key"),
					       slice_text(value), RECORD_UNNAMED, NULL, &err),
				 1);
		assert_int_equal(producer_tick(producer, topic, partition, 1000 + i, &err), 1);
	}
	assert_int_equal(producer_flush(producer, 5000, &err), 0);
	producer_close(&producer);
}

/* Reads to all ends: how many records each partition gave. */
static unsigned read_all(struct topic_feed *feed, unsigned ret[2][PARTITIONS])
{
	struct feed_record record;
	unsigned total = 0;
	struct err err;
	int r;

	memset(ret, 0, sizeof(unsigned[2][PARTITIONS]));
	while ((r = topic_feed_next(feed, 500, &record, &err)) > 0 || !topic_feed_has_ended(feed)) {
		if (r < 0)
			fail_msg("%s", err.text);
		if (r == 0)
			continue;
		assert_int_equal(record.partitions, PARTITIONS);
		assert_true(slice_is(record.key, "key"));
		/* A tick stands behind each. */
		assert_int_equal(record.offset % 2, 0);
		ret[record.topic][record.partition]++;
		total++;
	}
	return total;
}

static void test_all_from_their_places(void **state)
{
	struct topic_feed *feed;
	unsigned counts[2][PARTITIONS];
	struct err err;

	(void)state;
	fill(topics[0], 0, 5);
	fill(topics[1], 1, 3);
	if (open_feed(&feed, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(read_all(feed, counts), 8);
	assert_int_equal(counts[0][0], 5);
	assert_int_equal(counts[1][1], 3);
	assert_int_equal(topic_feed_behind(feed), 0);
	topic_feed_close(&feed);
	/* Two of the first topic's were read before. */
	places[0][0] = 4;
	if (open_feed(&feed, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(read_all(feed, counts), 6);
	assert_int_equal(counts[0][0], 3);
	topic_feed_close(&feed);
	places[0][0] = 0;
}

static void test_made_anew(void **state)
{
	struct topic_feed *feed = NULL;
	struct err err;

	(void)state;
	places[1][0] = 1000;
	assert_int_equal(open_feed(&feed, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "feed-b, partition 0: 1000 records were read"));
	places[1][0] = 0;
}

static int open_cluster(void **state)
{
	char why[200];

	(void)state;
	mock_owner = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof(why));
	mock = mock_owner ? rd_kafka_mock_cluster_new(mock_owner, 1) : NULL;
	if (!mock)
		return -1;
	for (unsigned i = 0; topics[i]; i++)
		if (rd_kafka_mock_topic_create(mock, topics[i], PARTITIONS, 1) != 0)
			return -1;
	brokers = rd_kafka_mock_cluster_bootstraps(mock);
	return 0;
}

static int close_cluster(void **state)
{
	(void)state;
	if (mock)
		rd_kafka_mock_cluster_destroy(mock);
	if (mock_owner)
		rd_kafka_destroy(mock_owner);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_from_their_places),
	    cmocka_unit_test(test_made_anew),
	};

	return cmocka_run_group_tests(tests, open_cluster, close_cluster);
}
