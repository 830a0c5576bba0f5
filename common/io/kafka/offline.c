/* offline.c - see offline.h; the producer half, in librdkafka's transactions. */
#include "offline.h"

#include <stdio.h>
#include <stdlib.h>

#include "kafka_conf.h"
#include "kafka_settings.h"
#include "kafka_trouble.h"
#include "offline_internal.h"

enum { TRANSACTION_MS = 900000 }; /* what brokers allow unless told otherwise */

static rd_kafka_t *open_producer(const char *brokers, const char *name, struct err *err)
{
	char timeout[24], max_bytes[24];
	const char *const settings[][2] = {
	    {"bootstrap.servers", brokers},    {"client.id", "nurturectl"},
	    {"transactional.id", name},        {"transaction.timeout.ms", timeout},
	    {"retry.backoff.ms", "20"},        {"linger.ms", "20"},
	    {"compression.codec", "lz4"},      {"queue.buffering.max.messages", "200000"},
	    {"message.max.bytes", max_bytes},  {"socket.nagle.disable", "true"},
	    {"log.connection.close", "false"}, {NULL},
	};
	rd_kafka_conf_t *conf;

	snprintf(timeout, sizeof(timeout), "%d", TRANSACTION_MS);
	snprintf(max_bytes, sizeof(max_bytes), "%d", kafka_settings_message_max_bytes());
	conf = kafka_conf(RD_KAFKA_PRODUCER, settings, err);
	if (!conf)
		return NULL;
	rd_kafka_conf_set_log_cb(conf, kafka_log);
	rd_kafka_conf_set_opaque(conf, (void *)(uintptr_t)brokers); /* as topic_client.c has it */
	return kafka_client(RD_KAFKA_PRODUCER, conf, err);
}

/* Takes the error, if there is one. */
static int check(struct offline *offline, rd_kafka_error_t *error, const char *what,
		 struct err *err)
{
	rd_kafka_resp_err_t code;

	if (!error)
		return 0;
	code = rd_kafka_error_code(error);
	err_environment(err, "kafka: %s: %s", what, rd_kafka_error_string(error));
	rd_kafka_error_destroy(error);
	return kafka_explain(err, offline->producer, code, NULL, NULL);
}

int offline_open(struct offline **ret, const char *brokers, const char *name, struct err *err)
{
	struct offline *offline = calloc(1, sizeof(*offline));

	if (!offline)
		abort();
	offline->consumer = topic_client_open(brokers, "nurturectl", name, err);
	if (offline->consumer)
		offline->all = topic_client_open_all(brokers, "nurturectl", name, err);
	if (offline->all)
		offline->producer = open_producer(brokers, name, err);
	if (!offline->producer ||
	    check(offline, rd_kafka_init_transactions(offline->producer, KAFKA_TIMEOUT_MS),
		  "init_transactions", err) < 0) {
		offline_close(&offline);
		return -1;
	}
	*ret = offline;
	return 0;
}

void offline_close(struct offline **offline_address)
{
	struct offline *offline = *offline_address;

	if (!offline)
		return;
	*offline_address = NULL;
	for (size_t i = 0; i < offline->topic_count; i++)
		rd_kafka_topic_destroy(offline->topics[i]);
	if (offline->producer) {
		if (offline->is_open)
			(void)check(offline,
				    rd_kafka_abort_transaction(offline->producer, KAFKA_TIMEOUT_MS),
				    "abort", &(struct err){0});
		rd_kafka_purge(offline->producer,
			       RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
		rd_kafka_destroy(offline->producer);
	}
	if (offline->all)
		rd_kafka_destroy(offline->all);
	if (offline->consumer) {
		rd_kafka_consumer_close(offline->consumer);
		rd_kafka_destroy(offline->consumer);
	}
	free(offline);
}

static int begin(struct offline *offline, struct err *err)
{
	if (offline->is_open)
		return 0;
	if (check(offline, rd_kafka_begin_transaction(offline->producer), "begin_transaction",
		  err) < 0)
		return -1;
	offline->is_open = true;
	return 0;
}

static rd_kafka_topic_t *topic_of(struct offline *offline, const char *name)
{
	for (size_t i = 0; i < offline->topic_count; i++)
		if (strcmp(rd_kafka_topic_name(offline->topics[i]), name) == 0)
			return offline->topics[i];
	if (offline->topic_count == OFFLINE_TOPICS_MAX)
		abort();
	return offline->topics[offline->topic_count++] =
		   rd_kafka_topic_new(offline->producer, name, NULL);
}

/* Takes the headers. */
static int put(struct offline *offline, const char *topic, int32_t partition, struct slice key,
	       struct slice value, rd_kafka_headers_t *headers, struct err *err)
{
	rd_kafka_resp_err_t code;

	while ((code = rd_kafka_producev(
		    offline->producer, RD_KAFKA_V_RKT(topic_of(offline, topic)),
		    RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
		    RD_KAFKA_V_KEY(key.bytes, key.len),
		    RD_KAFKA_V_VALUE((void *)(uintptr_t)value.bytes, value.len),
		    RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
		rd_kafka_poll(offline->producer, 50);
	rd_kafka_poll(offline->producer, 0);
	if (!code)
		return 0;
	if (headers)
		rd_kafka_headers_destroy(headers);
	return err_environment(err, "kafka: %s[%d]: %s", topic, (int)partition,
			       rd_kafka_err2str(code));
}

int offline_put(struct offline *offline, const char *topic, int32_t partition, struct slice key,
		struct slice value, const struct kafka_header *headers, size_t header_count,
		struct err *err)
{
	rd_kafka_headers_t *list = header_count ? rd_kafka_headers_new(header_count) : NULL;

	for (size_t i = 0; i < header_count; i++)
		rd_kafka_header_add(list, headers[i].name, -1, headers[i].value.bytes,
				    (ssize_t)headers[i].value.len);
	if (begin(offline, err) < 0) {
		if (list)
			rd_kafka_headers_destroy(list);
		return -1;
	}
	return put(offline, topic, partition, key, value, list, err);
}

int offline_forward(struct offline *offline, const struct offline_record *record, int32_t partition,
		    const struct kafka_header *more, size_t more_count, struct err *err)
{
	rd_kafka_headers_t *theirs, *list = NULL;

	if (begin(offline, err) < 0)
		return -1;
	if (rd_kafka_message_headers(record->message, &theirs) == 0)
		list = rd_kafka_headers_copy(theirs);
	if (more_count > 0 && !list)
		list = rd_kafka_headers_new(more_count);
	for (size_t i = 0; i < more_count; i++)
		rd_kafka_header_add(list, more[i].name, -1, more[i].value.bytes,
				    (ssize_t)more[i].value.len);
	return put(offline, record->topic, partition, record->key, record->value, list, err);
}

int offline_set_positions(struct offline *offline, const char *group,
			  const struct offline_position *positions, size_t count, struct err *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
	rd_kafka_consumer_group_metadata_t *who = rd_kafka_consumer_group_metadata_new(group);
	int r = begin(offline, err);

	for (size_t i = 0; i < count; i++) {
		rd_kafka_topic_partition_t *to = rd_kafka_topic_partition_list_add(
		    list, positions[i].topic, positions[i].partition);

		to->offset = positions[i].offset;
		to->metadata = strdup(positions[i].metadata);
		to->metadata_size = strlen(positions[i].metadata);
	}
	if (r == 0)
		r = check(offline,
			  rd_kafka_send_offsets_to_transaction(offline->producer, list, who,
							       KAFKA_TIMEOUT_MS),
			  "send_offsets_to_transaction", err);
	rd_kafka_consumer_group_metadata_destroy(who);
	rd_kafka_topic_partition_list_destroy(list);
	return r;
}

int offline_commit(struct offline *offline, struct err *err)
{
	if (!offline->is_open)
		return 0;
	if (check(offline, rd_kafka_commit_transaction(offline->producer, TRANSACTION_MS),
		  "commit_transaction", err) < 0)
		return -1;
	offline->is_open = false;
	return 0;
}
