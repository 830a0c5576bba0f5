/*
 * kafka_limits.c - how large a record may be, so that every topic takes it.
 *
 * A broker refuses a batch of records that is larger than the topic's
 * max.message.bytes, and a transaction with a refused record can only be given
 * up: what is too large has to be known before.  The limits are asked for once,
 * when the client is opened.
 */
#include <string.h>

#include "common/base/text.h"
#include "kafka_internal.h"
#include "kafka_settings.h"
#include "topic_client.h"
#include "topics.h"
#include "common/io/process/log.h"

enum {
	LEAST_BYTES = 65536,      /* a dead letter that was shortened takes less than this */
	BATCH_FRAME_BYTES = 1024, /* of the batch that a record travels in, and to spare */
	RECORD_FRAME_BYTES = 64,  /* lengths, time and offset of one record */
	HEADER_FRAME_BYTES = 16,
};

/* Not allowed to ask, mostly. */
static void tell_unknown(const char *topic, const char *why)
{
	log_event(LOG_LEVEL_INFO, "topic_limits_unknown", "topic", topic, "why", why, "meaning",
		  "max.message.bytes is taken to be the brokers' default", NULL);
}

/* What a topic says of itself; the brokers' default where it does not. */
static int64_t limit_of(const rd_kafka_ConfigResource_t *resource)
{
	const rd_kafka_ConfigEntry_t **entries;
	size_t count;

	if (rd_kafka_ConfigResource_error(resource)) {
		tell_unknown(rd_kafka_ConfigResource_name(resource),
			     rd_kafka_err2str(rd_kafka_ConfigResource_error(resource)));
		return TOPIC_MESSAGE_BYTES;
	}
	entries = rd_kafka_ConfigResource_configs(resource, &count);
	for (size_t i = 0; i < count; i++) {
		const char *value = rd_kafka_ConfigEntry_value(entries[i]);
		struct err ignored;
		int64_t bytes;

		if (strcmp(rd_kafka_ConfigEntry_name(entries[i]), "max.message.bytes") == 0 &&
		    value && text_int64(slice_text(value), 0, INT64_MAX, &bytes, &ignored) == 0)
			return bytes;
	}
	return TOPIC_MESSAGE_BYTES;
}

static int take_answer(rd_kafka_event_t *event, size_t *max_bytes, struct err *err)
{
	const rd_kafka_DescribeConfigs_result_t *result =
	    rd_kafka_event_DescribeConfigs_result(event);
	const rd_kafka_ConfigResource_t **resources;
	size_t count;

	resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
	for (size_t i = 0; i < count; i++) {
		int64_t limit = limit_of(resources[i]);

		if (limit < LEAST_BYTES)
			return err_config(err,
					  "kafka: topic %s takes records of %lld bytes: expected "
					  "max.message.bytes to be %d or more",
					  rd_kafka_ConfigResource_name(resources[i]),
					  (long long)limit, LEAST_BYTES);
		if ((size_t)limit - BATCH_FRAME_BYTES < *max_bytes)
			*max_bytes = (size_t)limit - BATCH_FRAME_BYTES;
	}
	return 0;
}

static rd_kafka_event_t *ask(rd_kafka_t *client, const char *const *names, size_t count,
			     rd_kafka_queue_t *queue)
{
	rd_kafka_AdminOptions_t *admin =
	    rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
	rd_kafka_ConfigResource_t *topics[KAFKA_OUTPUTS_MAX];
	char why[256];

	if (count > KAFKA_OUTPUTS_MAX)
		count = KAFKA_OUTPUTS_MAX;
	rd_kafka_AdminOptions_set_request_timeout(admin, KAFKA_TIMEOUT_MS, why, sizeof(why));
	for (size_t i = 0; i < count; i++)
		topics[i] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, names[i]);
	rd_kafka_DescribeConfigs(client, topics, count, admin, queue);
	rd_kafka_ConfigResource_destroy_array(topics, count);
	rd_kafka_AdminOptions_destroy(admin);
	return rd_kafka_queue_poll(queue, KAFKA_TIMEOUT_MS);
}

int kafka_ask_limits(rd_kafka_t *client, const char *const *topics, size_t count,
		     size_t *ret_max_bytes, struct err *err)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
	rd_kafka_event_t *event = ask(client, topics, count, queue);
	const size_t most = (size_t)kafka_settings_message_max_bytes() - BATCH_FRAME_BYTES;
	int r = 0;

	*ret_max_bytes = most;
	if (event && !rd_kafka_event_error(event)) {
		r = take_answer(event, ret_max_bytes, err);
	} else {
		if (most > TOPIC_MESSAGE_BYTES - BATCH_FRAME_BYTES)
			*ret_max_bytes = TOPIC_MESSAGE_BYTES - BATCH_FRAME_BYTES;
		tell_unknown("*", event ? rd_kafka_event_error_string(event) : "no answer");
	}
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
	return r;
}

int kafka_learn_limits(struct kafka *kafka, const struct kafka_options *options, struct err *err)
{
	return kafka_ask_limits(kafka->consumer, options->outputs, options->output_count,
				&kafka->record_max_bytes, err);
}

size_t kafka_record_max_bytes(const struct kafka *kafka)
{
	return kafka->record_max_bytes;
}

size_t kafka_bytes_of(struct slice key, struct slice value, const struct kafka_header *headers,
		      size_t header_count)
{
	size_t bytes = RECORD_FRAME_BYTES + key.len + value.len;

	for (size_t i = 0; i < header_count; i++)
		bytes += HEADER_FRAME_BYTES + strlen(headers[i].name) + headers[i].value.len;
	return bytes;
}

size_t kafka_record_bytes(const struct kafka_record *record)
{
	size_t bytes = kafka_bytes_of(record->key, record->value, NULL, 0), len;
	rd_kafka_headers_t *headers;
	const void *value;
	const char *name;

	if (rd_kafka_message_headers(record->message, &headers))
		return bytes;
	for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &len) == 0; i++)
		bytes += HEADER_FRAME_BYTES + strlen(name) + len;
	return bytes;
}

struct slice kafka_record_header(const struct kafka_record *record, const char *name)
{
	return topic_client_header(record->message, name);
}

size_t kafka_record_headers(const struct kafka_record *record, struct kafka_header *ret, size_t max)
{
	rd_kafka_headers_t *headers;
	const void *value;
	const char *name;
	size_t count = 0, len;

	if (rd_kafka_message_headers(record->message, &headers))
		return 0;
	while (count < max && rd_kafka_header_get_all(headers, count, &name, &value, &len) == 0) {
		ret[count].name = name;
		ret[count++].value = slice_of(value, value ? len : 0);
	}
	return count;
}
