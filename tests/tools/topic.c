/*
 * topic.c - a look into Kafka for the end-to-end tests.
 *
 *	topic BROKERS create NAME PARTITIONS
 *	topic BROKERS dump NAME      every committed record up to now, one JSON object a line:
 *				     partition, offset, key, value (text, or value_hex), and
 *				     headers, when it has some
 */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/text.h"
#include "common/codec/json.h"

enum { WAIT_MS = 10000, LINE_MAX_BYTES = 16 << 20, NO = 1, USAGE = 100, ENVIRONMENT = 111 };

static rd_kafka_t *open_client(rd_kafka_type_t type, const char *brokers)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[300];
	rd_kafka_t *client;

	rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof(why));
	rd_kafka_conf_set(conf, "group.id", "topic-dump", why, sizeof(why));
	rd_kafka_conf_set(conf, "enable.auto.commit", "false", why, sizeof(why));
	rd_kafka_conf_set(conf, "enable.partition.eof", "true", why, sizeof(why));
	client = rd_kafka_new(type, conf, why, sizeof(why));
	if (!client) {
		fprintf(stderr, "topic: %s\n", why);
		exit(ENVIRONMENT);
	}
	return client;
}

static int create(const char *brokers, const char *name, int partitions)
{
	rd_kafka_t *client = open_client(RD_KAFKA_PRODUCER, brokers);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
	rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__TIMED_OUT;
	const rd_kafka_topic_result_t **results;
	rd_kafka_NewTopic_t *topic;
	rd_kafka_event_t *event;
	size_t count;
	char why[300];

	topic = rd_kafka_NewTopic_new(name, partitions, 1, why, sizeof(why));
	if (!topic) {
		fprintf(stderr, "topic: %s\n", why);
		return USAGE;
	}
	rd_kafka_CreateTopics(client, &topic, 1, NULL, queue);
	event = rd_kafka_queue_poll(queue, WAIT_MS);
	if (event && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR) {
		results = rd_kafka_CreateTopics_result_topics(
		    rd_kafka_event_CreateTopics_result(event), &count);
		code = count ? rd_kafka_topic_result_error(results[0]) : code;
	}
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_NewTopic_destroy(topic);
	rd_kafka_queue_destroy(queue);
	rd_kafka_destroy(client);
	if (code)
		fprintf(stderr, "topic %s: %s\n", name, rd_kafka_err2str(code));
	return code ? NO : 0;
}

/* Assigns all partitions from their beginning; how many there are. */
static int assign_all(rd_kafka_t *client, const char *name)
{
	const struct rd_kafka_metadata *metadata;
	rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, NULL);
	rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(8);
	int count = 0;

	if (rd_kafka_metadata(client, 0, topic, &metadata, WAIT_MS) == RD_KAFKA_RESP_ERR_NO_ERROR) {
		count = metadata->topic_cnt ? metadata->topics[0].partition_cnt : 0;
		rd_kafka_metadata_destroy(metadata);
	}
	for (int p = 0; p < count; p++)
		rd_kafka_topic_partition_list_add(all, name, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
	rd_kafka_assign(client, all);
	rd_kafka_topic_partition_list_destroy(all);
	rd_kafka_topic_destroy(topic);
	return count;
}

static void put_hex(struct buf *line, struct slice bytes)
{
	buf_char(line, '"');
	for (size_t i = 0; i < bytes.len; i++)
		buf_printf(line, "%02x", bytes.bytes[i]);
	buf_char(line, '"');
}

/* null when there is none: a tick has neither key nor value. */
static void put_bytes(struct buf *line, const char *key, const void *bytes, size_t len)
{
	struct slice slice = slice_of(bytes, len);
	char hex_key[32];

	if (!bytes) {
		json_put_key(line, key);
		buf_text(line, "null");
	} else if (text_is_utf8(slice)) {
		json_put_key(line, key);
		json_put_text(line, slice);
	} else {
		snprintf(hex_key, sizeof(hex_key), "%s_hex", key);
		json_put_key(line, hex_key);
		put_hex(line, slice);
	}
}

static void put_headers(struct buf *line, const rd_kafka_message_t *message)
{
	rd_kafka_headers_t *headers;
	const char *name;
	const void *value;
	size_t len;

	if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
		return;
	json_put_key(line, "headers");
	buf_char(line, '{');
	for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &len) == 0; i++)
		put_bytes(line, name, value, len);
	buf_char(line, '}');
}

static void print_record(const rd_kafka_message_t *message)
{
	struct buf line = BUF_MAX(LINE_MAX_BYTES);

	buf_printf(&line, "{\"partition\":%d,\"offset\":%lld", message->partition,
		   (long long)message->offset);
	put_bytes(&line, "key", message->key, message->key_len);
	put_bytes(&line, "value", message->payload, message->len);
	put_headers(&line, message);
	buf_text(&line, "}\n");
	fwrite(line.bytes, 1, line.len, stdout);
	buf_free(&line);
}

static int dump(const char *brokers, const char *name)
{
	rd_kafka_t *client = open_client(RD_KAFKA_CONSUMER, brokers);
	int left = assign_all(client, name), r = left ? 0 : NO;
	rd_kafka_message_t *message;

	while (left > 0 && r == 0) {
		message = rd_kafka_consumer_poll(client, WAIT_MS);
		if (!message || (message->err && message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF))
			r = ENVIRONMENT;
		else if (message->err)
			left--;
		else
			print_record(message);
		if (message)
			rd_kafka_message_destroy(message);
	}
	rd_kafka_consumer_close(client);
	rd_kafka_destroy(client);
	if (r)
		fprintf(stderr, "topic %s: not there, or not readable to its end\n", name);
	return r;
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[2], "create") == 0 && atoi(argv[4]) > 0)
		return create(argv[1], argv[3], atoi(argv[4]));
	if (argc == 4 && strcmp(argv[2], "dump") == 0)
		return dump(argv[1], argv[3]);
	fprintf(stderr, "usage: topic BROKERS create NAME PARTITIONS | topic BROKERS dump NAME\n");
	return USAGE;
}
