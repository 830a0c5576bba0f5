/* offline_read.c - see offline.h; what is there, and who is still at work. */
#include <stdlib.h>

#include "common/io/process/clock.h"
#include "offline_internal.h"
#include "topic_bounds.h"
#include "topic_client.h"
#include "kafka_trouble.h"

enum { KNOWN_TRIES = 150, KNOWN_PAUSE_MS = 100 };
enum {
	SILENCE_MS = 90000,
	POLL_MS = 100
}; /* longer than a transaction of a dead service stays open */

int offline_members(struct offline *offline, const char *group, int *ret, struct err *err)
{
	const struct rd_kafka_group_list *groups;
	rd_kafka_resp_err_t code =
	    rd_kafka_list_groups(offline->consumer, group, &groups, KAFKA_TIMEOUT_MS);

	if (code) {
		err_environment(err, "group %s: %s", group, rd_kafka_err2str(code));
		return kafka_explain(err, offline->consumer, code, NULL, NULL);
	}
	*ret = 0;
	for (int i = 0; i < groups->group_cnt; i++)
		*ret += groups->groups[i].member_cnt;
	rd_kafka_group_list_destroy(groups);
	return 0;
}

int offline_bounds(struct offline *offline, const char *topic, int32_t partition,
		   int64_t *ret_first, int64_t *ret_end, struct err *err)
{
	return topic_bounds(offline->all, topic, partition, "Read", KAFKA_TIMEOUT_MS, ret_first,
			    ret_end, err);
}

static int assign(struct offline *offline, const char *topic, int32_t partition, int64_t from,
		  struct err *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_resp_err_t code;

	rd_kafka_topic_partition_list_add(list, topic, partition)->offset = from;
	code = rd_kafka_assign(offline->consumer, list);
	rd_kafka_topic_partition_list_destroy(list);
	return code ? err_environment(err, "topic %s: %s", topic, rd_kafka_err2str(code)) : 0;
}

struct scan {
	const char *topic;
	int32_t partition;
	int64_t position;
	int (*take)(void *context, const struct offline_record *record, struct err *err);
	void *context;
};

static int look_at(struct scan *scan, rd_kafka_message_t *message, int64_t to, struct err *err)
{
	struct offline_record record = {.topic = scan->topic,
					.partition = message->partition,
					.offset = message->offset,
					.message = message};
	rd_kafka_timestamp_type_t type;

	if (message->partition != scan->partition ||
	    strcmp(rd_kafka_topic_name(message->rkt), scan->topic) != 0)
		return 0; /* of the scan before */
	if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
		if (message->offset > scan->position)
			scan->position = message->offset;
		return 0;
	}
	if (message->err)
		return err_environment(err, "topic %s, partition %d, offset %lld: %s", scan->topic,
				       (int)scan->partition, (long long)message->offset,
				       rd_kafka_message_errstr(message));
	if (message->offset < scan->position)
		return 0;
	scan->position = message->offset + 1;
	if (message->offset >= to)
		return 0;
	record.key = slice_of(message->key, message->key_len);
	record.value = slice_of(message->payload, message->len);
	record.timestamp_ms = rd_kafka_message_timestamp(message, &type);
	if (type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME && record.timestamp_ms > 0)
		record.stamped_ms = record.timestamp_ms;
	record.is_tick = topic_client_is_tick(message);
	return scan->take(scan->context, &record, err);
}

int offline_scan(struct offline *offline, const char *topic, int32_t partition, int64_t from,
		 int64_t to,
		 int (*take)(void *context, const struct offline_record *record, struct err *err),
		 void *context, struct err *err)
{
	struct scan scan = {topic, partition, from, take, context};
	int64_t deadline_ms = clock_monotonic_ms() + SILENCE_MS, before;
	int r = from < to ? assign(offline, topic, partition, from, err) : 0;

	while (r == 0 && scan.position < to) {
		rd_kafka_message_t *message = rd_kafka_consumer_poll(offline->consumer, POLL_MS);

		before = scan.position;
		if (message) {
			r = look_at(&scan, message, to, err);
			rd_kafka_message_destroy(message);
		}
		if (scan.position > before)
			deadline_ms = clock_monotonic_ms() + SILENCE_MS;
		else if (clock_monotonic_ms() > deadline_ms)
			r = err_environment(err,
					    "topic %s, partition %d: offset %lld does not come",
					    topic, (int)partition, (long long)scan.position);
	}
	rd_kafka_assign(offline->consumer, NULL);
	return r;
}

size_t offline_headers(const struct offline_record *record, struct kafka_header *ret, size_t max)
{
	const struct kafka_record of = {.message = record->message};

	return kafka_record_headers(&of, ret, max);
}

struct slice offline_header(const struct offline_record *record, const char *name)
{
	const struct kafka_record of = {.message = record->message};

	return kafka_record_header(&of, name);
}

int offline_record_max_bytes(struct offline *offline, const char *topic, size_t *ret,
			     struct err *err)
{
	return kafka_ask_limits(offline->consumer, &topic, 1, ret, err);
}

int offline_partitions(struct offline *offline, const char *topic, int32_t *ret, struct err *err)
{
	return topic_client_expect(offline->consumer, topic, "Read", TOPIC_ASK_MS, ret, err);
}

int offline_await(struct offline *offline, const char *topic, int32_t partitions, struct err *err)
{
	rd_kafka_t *const clients[] = {offline->consumer, offline->all, offline->producer};
	int32_t now = 0;

	for (size_t i = 0; i < sizeof(clients) / sizeof(*clients); i++) {
		for (int tries = 0; now < partitions; tries++) {
			if (topic_client_partitions(clients[i], topic, &now, err) < 0 &&
			    tries == KNOWN_TRIES)
				return -1;
			if (now < partitions && tries >= KNOWN_TRIES)
				return err_environment(err,
						       "topic %s: no broker knows of its %d "
						       "partitions",
						       topic, (int)partitions);
			if (now < partitions)
				clock_sleep_ms(KNOWN_PAUSE_MS);
		}
		now = 0;
	}
	return 0;
}

int offline_grow(struct offline *offline, const char *topic, int32_t partitions, struct err *err)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(offline->consumer);
	const rd_kafka_topic_result_t **results;
	rd_kafka_NewPartitions_t *wanted;
	rd_kafka_event_t *event;
	char why[256];
	size_t count;
	int r = 0;

	wanted = rd_kafka_NewPartitions_new(topic, (size_t)partitions, why, sizeof(why));
	if (!wanted) {
		rd_kafka_queue_destroy(queue);
		return err_config(err, "topic %s: %s", topic, why);
	}
	rd_kafka_CreatePartitions(offline->consumer, &wanted, 1, NULL, queue);
	event = rd_kafka_queue_poll(queue, KAFKA_TIMEOUT_MS);
	if (!event || rd_kafka_event_error(event)) {
		r = err_environment(err, "topic %s: %s", topic,
				    event ? rd_kafka_event_error_string(event)
					  : "no answer from the controller");
	} else {
		results = rd_kafka_CreatePartitions_result_topics(
		    rd_kafka_event_CreatePartitions_result(event), &count);
		if (count == 1 && rd_kafka_topic_result_error(results[0]))
			r = err_environment(err, "topic %s: %s", topic,
					    rd_kafka_topic_result_error_string(results[0]));
	}
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_NewPartitions_destroy(wanted);
	rd_kafka_queue_destroy(queue);
	return r;
}
