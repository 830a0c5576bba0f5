/*
 * io_producer_test.c - the producer against the client library's mock cluster
 * (or a real broker: NURTURE_TEST_BROKERS with topics io-test of 4 partitions
 * and without io-none).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/hash.h"
#include "common/io/process/clock.h"
#include "common/io/kafka/producer.h"
#include "common/base/tick.h"

#define TOPIC "io-test"

static rd_kafka_t *mock_owner;
static rd_kafka_mock_cluster_t *mock;
static const char *brokers;

static _Atomic int acked_count, failed_count;
static char last_failure[300];

static void on_ack(void *opaque, const char *failure)
{
	_Atomic int *mine = opaque;

	if (failure) {
		snprintf(last_failure, sizeof(last_failure), "%s", failure);
		failed_count++;
	} else {
		acked_count++;
	}
	if (mine)
		(*mine)++;
}

static struct producer *open_one(const char *at, producer_acked acked)
{
	struct producer_options options = {
	    .brokers = at, .client_id = "test", .acked = acked, .delivery_timeout_ms = 2000};
	struct producer *producer;
	struct err err;

	acked_count = failed_count = 0;
	if (producer_open(&producer, &options, &err) < 0)
		fail_msg("%s", err.text);
	return producer;
}

static void send_text(struct producer *producer, const char *key, const char *value, void *opaque)
{
	struct err err;

	if (producer_send(producer, TOPIC, -1, slice_text(key), slice_text(value), RECORD_EVENT,
			  opaque, &err) != 1)
		fail_msg("%s", err.text);
}

static void test_all_are_acknowledged(void **state)
{
	struct producer *producer = open_one(brokers, on_ack);
	_Atomic int mine = 0;
	struct err err;
	int64_t begun_ms;

	(void)state;
	/* The first must not be the one that waits for the metadata: it was asked for. */
	int32_t partitions = 0;
	assert_int_equal(producer_partitions(producer, TOPIC, &partitions, &err), 0);
	assert_int_equal(partitions, 4);
	assert_int_equal(producer_topic_check(producer, TOPIC, &err), 0);
	begun_ms = clock_monotonic_ms();
	for (int i = 0; i < 1000; i++)
		send_text(producer, "anna", "hello", &mine);
	assert_int_equal(producer_flush(producer, 5000, &err), 0);
	assert_int_equal(mine, 1000);
	assert_int_equal(acked_count, 1000);
	assert_true(clock_monotonic_ms() - begun_ms < 900);
	assert_int_equal(producer_check(producer, &err), 0);
	producer_close(&producer);
	assert_null(producer);
	producer_close(&producer);
}

static rd_kafka_t *open_reader(void)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(4);
	char why[200];
	rd_kafka_t *reader;

	rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof(why));
	rd_kafka_conf_set(conf, "group.id", "io-test-reader", why, sizeof(why));
	rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", why, sizeof(why));
	reader = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
	assert_non_null(reader);
	for (int32_t p = 0; p < 4; p++)
		rd_kafka_topic_partition_list_add(all, TOPIC, p)->offset =
		    RD_KAFKA_OFFSET_BEGINNING;
	assert_int_equal(rd_kafka_assign(reader, all), 0);
	rd_kafka_topic_partition_list_destroy(all);
	return reader;
}

/* What this run has written is where the Java client would put it; ticks are as tick.h says. */
static void test_partitions_and_ticks(void **state)
{
	struct producer *producer = open_one(brokers, NULL);
	char run[64], key[32];
	int records = 0, ticks = 0;
	rd_kafka_message_t *message;
	rd_kafka_t *reader;
	struct err err;

	(void)state;
	snprintf(run, sizeof(run), "run %lld", (long long)clock_wall_ms());
	for (int i = 0; i < 50; i++) {
		snprintf(key, sizeof(key), "customer-%d", i);
		send_text(producer, key, run, NULL);
	}
	int64_t time_ms = clock_wall_ms();
	for (int32_t p = 0; p < 4; p++)
		assert_int_equal(producer_tick(producer, TOPIC, p, time_ms, &err), 1);
	assert_int_equal(producer_tick(producer, TOPIC, 4, 1, &err), -1);
	assert_string_equal(err.text, "topic io-test has no partition 4: it has 4");
	assert_int_equal(producer_flush(producer, 5000, &err), 0);
	producer_close(&producer);

	reader = open_reader();
	while (records + ticks < 54 && (message = rd_kafka_consumer_poll(reader, 5000)) != NULL) {
		rd_kafka_headers_t *headers;
		const void *value;
		size_t len;

		if (message->err)
			fail_msg("%s", rd_kafka_message_errstr(message));
		if (message->len == strlen(run) &&
		    memcmp(message->payload, run, message->len) == 0) {
			assert_int_equal(message->partition,
					 partition_of(slice_of(message->key, message->key_len), 4));
			records++;
		} else if (!message->payload && !message->key &&
			   rd_kafka_message_headers(message, &headers) == 0 &&
			   rd_kafka_header_get_last(headers, TICK_HEADER, &value, &len) == 0 &&
			   atoll(value) == time_ms) {
			ticks++;
		}
		rd_kafka_message_destroy(message);
	}
	rd_kafka_destroy(reader);
	assert_int_equal(records, 50);
	assert_int_equal(ticks, 4);
}

static _Atomic int batches, in_batch, outside;

static void begin_batch(void)
{
	in_batch = 1;
}

static void end_batch(void)
{
	static int told;

	in_batch = 0;
	batches += acked_count > told;
	told = acked_count;
}

static void on_ack_in_batch(void *opaque, const char *failure)
{
	outside += !in_batch;
	on_ack(opaque, failure);
}

/*
 * A record alone does not wait for others; those that come while one is under way go together, and
 * their acknowledgements come in batches of many.
 */
static void test_gathers_under_load(void **state)
{
	enum { ROUND_TRIP_MS = 60, RECORDS = 300 };
	struct producer_options options = {.brokers = brokers,
					   .acked = on_ack_in_batch,
					   .acks_begin = begin_batch,
					   .acks_end = end_batch};
	struct producer *producer;
	struct err err;

	(void)state;
	if (!mock)
		skip();
	acked_count = failed_count = 0;
	assert_int_equal(producer_open(&producer, &options, &err), 0);
	send_text(producer, "anna", "the first", NULL);
	assert_int_equal(producer_flush(producer, 5000, &err), 0);
	assert_int_equal(acked_count, 1);
	rd_kafka_mock_broker_set_rtt(mock, 1, ROUND_TRIP_MS);
	for (int i = 0; i < RECORDS; i++) {
		send_text(producer, "anna", "hello", NULL);
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
	assert_int_equal(producer_flush(producer, 5000, &err), 0);
	rd_kafka_mock_broker_set_rtt(mock, 1, 0);
	producer_close(&producer);
	assert_int_equal(acked_count, RECORDS + 1);
	assert_int_equal(failed_count, 0);
	assert_int_equal(outside, 0);
	/* At most two requests were under way at a time, each for a round trip. */
	assert_in_range(batches, 3, RECORDS / 5);
}

static void test_missing_topic(void **state)
{
	struct producer *producer = open_one(brokers, on_ack);
	int32_t partitions = 77;
	struct err err;
	int64_t begun_ms = clock_monotonic_ms();
	int r;

	(void)state;
	/* The first may be taken, since nothing is known yet: then it fails in words. */
	r = producer_send(producer, "io-none", -1, slice_text("k"), slice_text("v"), RECORD_EVENT,
			  NULL, &err);
	if (r == 1) {
		producer_flush(producer, 5000, &err);
		assert_int_equal(failed_count, 1);
		assert_string_equal(last_failure,
				    "topic io-none does not exist: run nurturectl topics");
	}
	assert_true(clock_monotonic_ms() - begun_ms < 4000);
	assert_int_equal(producer_partitions(producer, "io-none", &partitions, &err), -1);
	assert_string_equal(err.text, "topic io-none does not exist: run nurturectl topics");
	assert_int_equal(err.kind, ERR_ENVIRONMENT);
	assert_int_equal(partitions, 77);
	assert_int_equal(producer_send(producer, "io-none", -1, slice_text("k"), slice_text("v"),
				       RECORD_EVENT, NULL, &err),
			 -1);
	assert_string_equal(err.text, "topic io-none does not exist: run nurturectl topics");
	assert_int_equal(producer_topic_check(producer, "io-none", &err), -1);
	assert_int_equal(producer_tick(producer, "io-none", 0, 1, &err), -1);
	/* Asking has not made it. */
	nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
	assert_int_equal(producer_partitions(producer, "io-none", &partitions, &err), -1);
	producer_close(&producer);
}

static void test_refused_by_the_broker(void **state)
{
	struct producer *producer = open_one(brokers, NULL);
	struct err err;

	(void)state;
	if (!mock)
		skip();
	rd_kafka_mock_push_request_errors(mock, 0 /* Produce */, 1,
					  RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
	send_text(producer, "anna", "hello", NULL);
	assert_int_equal(producer_flush(producer, 5000, &err), -1);
	assert_non_null(
	    strstr(err.text, "1 records were not acknowledged; the first: topic io-test"));
	/* A flush tells a failure once. */
	assert_int_equal(producer_flush(producer, 5000, &err), 0);
	producer_close(&producer);
}

static void test_nobody_there(void **state)
{
	struct producer *producer = open_one("127.0.0.1:1", on_ack);
	int32_t partitions;
	struct err err;
	int taken = 0;

	(void)state;
	assert_int_equal(producer_topic_check(producer, TOPIC, &err), -1);
	assert_string_equal(err.text, "kafka at 127.0.0.1:1: no answer");
	assert_int_equal(producer_partitions(producer, TOPIC, &partitions, &err), -1);
	assert_non_null(strstr(err.text, "kafka at 127.0.0.1:1: no answer: nobody listens there"));
	/* The queue is bounded: at some point it says "full", and not "failed". */
	while (taken < 200000 && producer_send(producer, TOPIC, -1, slice_text("k"),
					       slice_text("v"), RECORD_EVENT, NULL, &err) == 1)
		taken++;
	assert_true(taken > 0 && taken <= 100000);
	assert_int_equal(producer_flush(producer, 10, &err), -1);
	assert_non_null(strstr(err.text, "within 10 ms"));
	producer_close(&producer);
	/* Every one was told. */
	assert_int_equal(failed_count, taken);
}

static int open_cluster(void **state)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[200];

	(void)state;
	brokers = getenv("NURTURE_TEST_BROKERS");
	if (brokers)
		return 0;
	mock_owner = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	mock = mock_owner ? rd_kafka_mock_cluster_new(mock_owner, 1) : NULL;
	if (!mock || rd_kafka_mock_topic_create(mock, TOPIC, 4, 1) != 0)
		return -1;
	/* A mock topic that is refused is what a missing one looks like. */
	rd_kafka_mock_topic_set_error(mock, "io-none", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
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
	    cmocka_unit_test(test_all_are_acknowledged),
	    cmocka_unit_test(test_partitions_and_ticks),
	    cmocka_unit_test(test_gathers_under_load),
	    cmocka_unit_test(test_missing_topic),
	    cmocka_unit_test(test_refused_by_the_broker),
	    cmocka_unit_test(test_nobody_there),
	};

	return cmocka_run_group_tests(tests, open_cluster, close_cluster);
}
