/* topic_reader.c - see topic_reader.h; librdkafka. */
#include "topic_reader.h"

#include <stdlib.h>

#include "common/base/hash.h"
#include "common/io/process/clock.h"
#include "topic_bounds.h"
#include "topic_client.h"
#include "kafka_trouble.h"

enum { POLL_MS = 100 };

struct topic_reader {
	rd_kafka_t *client;
	rd_kafka_message_t *message; /* the one that was given last */
	int32_t partitions, open;    /* open: whose end was not seen yet */
	int64_t skipped;
	bool *ended;
	bool follow;
};

/* Where the newest records of a partition begin, markers of transactions counted in. */
static int find_newest(struct topic_reader *reader, const struct topic_reader_options *options,
		       int32_t partition, int64_t *ret, struct err *err)
{
	int64_t low, high;

	if (topic_bounds(reader->client, options->topic, partition, "Read", TOPIC_ASK_MS, &low,
			 &high, err) < 0)
		return -1;
	*ret = high - options->newest > low ? high - options->newest : low;
	reader->skipped += *ret - low;
	return 0;
}

static int assign(struct topic_reader *reader, const struct topic_reader_options *options,
		  struct err *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);
	int32_t only = options->key.len ? partition_of(options->key, reader->partitions) : -1;
	rd_kafka_resp_err_t code;

	for (int32_t p = 0; p < reader->partitions; p++) {
		int64_t begin = RD_KAFKA_OFFSET_BEGINNING;

		if (only >= 0 && p != only)
			continue;
		if (options->newest && find_newest(reader, options, p, &begin, err) < 0) {
			rd_kafka_topic_partition_list_destroy(list);
			return -1;
		}
		rd_kafka_topic_partition_list_add(list, options->topic, p)->offset = begin;
	}
	reader->open = list->cnt;
	code = rd_kafka_assign(reader->client, list);
	rd_kafka_topic_partition_list_destroy(list);
	if (code)
		return err_environment(err, "topic %s: %s", options->topic, rd_kafka_err2str(code));
	return 0;
}

int topic_reader_open(struct topic_reader **ret, const struct topic_reader_options *options,
		      struct err *err)
{
	struct topic_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		abort();
	reader->follow = options->follow;
	reader->client = topic_client_open(options->brokers, "nurturectl", "nurturectl", err);
	if (!reader->client || topic_client_expect(reader->client, options->topic, "Read",
						   TOPIC_ASK_MS, &reader->partitions, err) < 0)
		goto failed;
	reader->ended = calloc((size_t)reader->partitions, sizeof(*reader->ended));
	if (!reader->ended)
		abort();
	if (assign(reader, options, err) < 0)
		goto failed;
	*ret = reader;
	return 0;
failed:
	topic_reader_close(&reader);
	return -1;
}

static void forget_message(struct topic_reader *reader)
{
	if (reader->message)
		rd_kafka_message_destroy(reader->message);
	reader->message = NULL;
}

static void note_end(struct topic_reader *reader, int32_t partition)
{
	if (reader->ended[partition])
		return;
	reader->ended[partition] = true;
	reader->open--;
}

/* 1: a record, 0: something else; librdkafka goes on by itself after all but the fatal errors. */
static int look_at(struct topic_reader *reader, struct topic_record *ret, struct err *err)
{
	const rd_kafka_message_t *message = reader->message;

	if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
		note_end(reader, message->partition);
		return 0;
	}
	if (message->err == RD_KAFKA_RESP_ERR__FATAL ||
	    message->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
	    message->err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION) {
		err_environment(err, "kafka: %s", rd_kafka_message_errstr(message));
		return kafka_explain(err, reader->client, message->err, "Read",
				     message->rkt ? rd_kafka_topic_name(message->rkt) : NULL);
	}
	if (message->err || topic_client_is_tick(message))
		return 0;
	*ret = (struct topic_record){.partition = message->partition,
				     .offset = message->offset,
				     .time_ms = rd_kafka_message_timestamp(message, NULL),
				     .key = slice_of(message->key, message->key_len),
				     .value = slice_of(message->payload, message->len)};
	return 1;
}

int topic_reader_next(struct topic_reader *reader, int wait_ms, struct topic_record *ret,
		      struct err *err)
{
	int64_t until_ms = clock_monotonic_ms() + wait_ms;
	int r;

	while (reader->follow || reader->open > 0) {
		forget_message(reader);
		reader->message =
		    rd_kafka_consumer_poll(reader->client, wait_ms < POLL_MS ? wait_ms : POLL_MS);
		r = reader->message ? look_at(reader, ret, err) : 0;
		if (r != 0)
			return r;
		if (reader->message && !reader->message->err)
			until_ms = clock_monotonic_ms() + wait_ms; /* ticks: not silent */
		if (clock_monotonic_ms() < until_ms)
			continue;
		if (reader->follow)
			return 0;
		err_environment(err, "kafka: no answer for %d ms", wait_ms);
		return kafka_explain(err, reader->client, RD_KAFKA_RESP_ERR__TIMED_OUT, NULL, NULL);
	}
	return 0;
}

struct slice topic_reader_header(const struct topic_reader *reader, const char *name)
{
	return topic_client_header(reader->message, name);
}

int32_t topic_reader_partitions(const struct topic_reader *reader)
{
	return reader->partitions;
}

int64_t topic_reader_skipped(const struct topic_reader *reader)
{
	return reader->skipped;
}

void topic_reader_close(struct topic_reader **reader_address)
{
	struct topic_reader *reader = *reader_address;

	if (!reader)
		return;
	*reader_address = NULL;
	forget_message(reader);
	if (reader->client) {
		rd_kafka_consumer_close(reader->client);
		rd_kafka_destroy(reader->client);
	}
	free(reader->ended);
	free(reader);
}
