/*
 * topic_counts.c - how many records of how many bytes topics hold, and from when to when they were
 * written; one line of JSON a topic.
 *
 *	topic_counts BROKERS [--with TEXT] TOPIC...
 *	topic_counts BROKERS --times TOPIC...	  instead, a line for each record: its key and time
 *
 * Committed records only.  Ticks (no key, no value) and marks (the reserved
 * key of a changelog) are counted apart.  bytes is keys, values and headers;
 * with says how much of it is in records whose value contains TEXT.  first_ms
 * and last_ms are the producers' clocks, over everything.
 */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/err.h"
#include "common/stream/checkpoint.h"

enum { WAIT_MS = 15000 };

struct amount {
	int64_t records, key_bytes, value_bytes;
};

struct counts {
	struct amount all, with;
	int64_t ticks, marks, first_ms, last_ms;
};

static size_t header_bytes(const rd_kafka_message_t *message)
{
	rd_kafka_headers_t *headers;
	const char *name;
	const void *value;
	size_t len, ret = 0;

	if (rd_kafka_message_headers(message, &headers))
		return 0;
	for (size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &len); i++)
		ret += strlen(name) + len;
	return ret;
}

static void add(struct amount *amount, const rd_kafka_message_t *message)
{
	amount->records++;
	amount->key_bytes += (int64_t)message->key_len;
	amount->value_bytes += (int64_t)(message->len + header_bytes(message));
}

static void print_time(const rd_kafka_message_t *message)
{
	if (message->key_len && *(const char *)message->key) /* else a note about the partition */
		printf("%.*s %lld\n", (int)message->key_len, (const char *)message->key,
		       (long long)rd_kafka_message_timestamp(message, NULL));
}

static void count(struct counts *counts, const rd_kafka_message_t *message, const char *with)
{
	int64_t at_ms = rd_kafka_message_timestamp(message, NULL);

	if (counts->first_ms == 0 || at_ms < counts->first_ms)
		counts->first_ms = at_ms;
	if (at_ms > counts->last_ms)
		counts->last_ms = at_ms;
	if (!message->key_len && !message->payload) {
		counts->ticks++;
	} else if (slice_equal(slice_of(message->key, message->key_len), checkpoint_key())) {
		counts->marks++;
	} else {
		add(&counts->all, message);
		if (with && message->payload &&
		    memmem(message->payload, message->len, with, strlen(with)))
			add(&counts->with, message);
	}
}

static rd_kafka_t *client_open(const char *brokers, struct err *err)
{
	const char *const settings[][2] = {{"bootstrap.servers", brokers},
					   {"group.id", "topic-counts"},
					   {"enable.auto.commit", "false"},
					   {"isolation.level", "read_committed"},
					   {"enable.partition.eof", "true"}};
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_t *client;
	char why[256];

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		rd_kafka_conf_set(conf, settings[i][0], settings[i][1], NULL, 0);
	client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
	if (!client) {
		err_config(err, "%s", why);
		rd_kafka_conf_destroy(conf);
	}
	return client;
}

/* From the beginning of every partition; how many there are, or -1. */
static int assign(rd_kafka_t *client, const char *topic, struct err *err)
{
	rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
	rd_kafka_topic_partition_list_t *list;
	const struct rd_kafka_metadata *metadata;
	rd_kafka_resp_err_t code = rd_kafka_metadata(client, 0, handle, &metadata, WAIT_MS);
	int partitions;

	rd_kafka_topic_destroy(handle);
	if (code)
		return err_environment(err, "%s: %s", topic, rd_kafka_err2str(code));
	partitions = metadata->topic_cnt ? metadata->topics[0].partition_cnt : 0;
	rd_kafka_metadata_destroy(metadata);
	if (partitions == 0)
		return err_environment(err, "%s: there is no such topic", topic);
	list = rd_kafka_topic_partition_list_new(partitions);
	for (int p = 0; p < partitions; p++)
		rd_kafka_topic_partition_list_add(list, topic, p)->offset =
		    RD_KAFKA_OFFSET_BEGINNING;
	rd_kafka_assign(client, list);
	rd_kafka_topic_partition_list_destroy(list);
	return partitions;
}

/* counts NULL: the records' times instead */
static int read_topic(rd_kafka_t *client, const char *topic, const char *with,
		      struct counts *counts, struct err *err)
{
	int left = assign(client, topic, err);

	if (left < 0)
		return -1;
	while (left > 0) {
		rd_kafka_message_t *message = rd_kafka_consumer_poll(client, WAIT_MS);

		if (!message)
			return err_environment(err, "%s: the broker is silent", topic);
		if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
			left--;
		else if (!message->err && counts)
			count(counts, message, with);
		else if (!message->err)
			print_time(message);
		rd_kafka_message_destroy(message);
	}
	return 0;
}

static void print_amount(const struct amount *amount)
{
	printf("{\"records\":%lld,\"key_bytes\":%lld,\"value_bytes\":%lld}",
	       (long long)amount->records, (long long)amount->key_bytes,
	       (long long)amount->value_bytes);
}

static void print(const char *topic, const struct counts *counts)
{
	printf("{\"topic\":\"%s\",\"all\":", topic);
	print_amount(&counts->all);
	printf(",\"with\":");
	print_amount(&counts->with);
	printf(",\"ticks\":%lld,\"marks\":%lld,\"first_ms\":%lld,\"last_ms\":%lld}\n",
	       (long long)counts->ticks, (long long)counts->marks, (long long)counts->first_ms,
	       (long long)counts->last_ms);
}

int main(int argc, char **argv)
{
	bool has_text = argc > 3 && strcmp(argv[2], "--with") == 0;
	bool is_times = argc > 2 && strcmp(argv[2], "--times") == 0;
	int at = has_text ? 4 : is_times ? 3 : 2, r = 0;
	rd_kafka_t *client;
	struct err err;

	if (argc <= at) {
		fprintf(stderr, "usage: topic_counts BROKERS [--with TEXT | --times] TOPIC...\n");
		return EXIT_CONFIG;
	}
	client = client_open(argv[1], &err);
	if (!client)
		r = -1;
	for (; r == 0 && at < argc; at++) {
		struct counts counts = {0};

		r = read_topic(client, argv[at], has_text ? argv[3] : NULL,
			       is_times ? NULL : &counts, &err);
		if (r == 0 && !is_times)
			print(argv[at], &counts);
	}
	if (r < 0)
		fprintf(stderr, "topic_counts: %s\n", err.text);
	if (client) {
		rd_kafka_consumer_close(client);
		rd_kafka_destroy(client);
	}
	return r == 0 ? 0 : err_exit_code(&err);
}
