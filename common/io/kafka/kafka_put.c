/* kafka_put.c - the producer half of kafka.h: transactions. */
#include <stdio.h>
#include <stdlib.h>

#include "kafka_conf.h"
#include "kafka_internal.h"
#include "kafka_lag.h"
#include "kafka_settings.h"
#include "kafka_trouble.h"
#include "record_headers.h"

enum { TRANSACTION_MIN_MS = 10000, BATCH_MAX_BYTES = 1000000 };

/*
 * Finds out whether an output has taken a record at an offset where it had one already: then it is
 * another topic than before.
 */
static void note_offset(struct kafka *kafka, const rd_kafka_message_t *message)
{
	const char *topic;
	int64_t *delivered;
	unsigned output = 0;

	/* A client has one handle for each name, and puts go through it. */
	while (output < kafka->output_count && kafka->output_topics[output] != message->rkt)
		output++;
	if (output == kafka->output_count || message->partition >= kafka->partition_count ||
	    message->offset < 0)
		return;
	delivered =
	    &kafka->delivered[(int32_t)output * kafka->partition_count + message->partition];
	if (message->offset <= *delivered && !kafka->is_anew) {
		topic = rd_kafka_topic_name(message->rkt);
		kafka->is_anew = true;
		topic_made_anew(topic, message->partition, *delivered + 1, message->offset,
				kafka->state_output && strcmp(topic, kafka->state_output) == 0,
				&kafka->why_anew);
	}
	*delivered = message->offset;
}

static int check_deliveries(const struct kafka *kafka, struct err *err)
{
	if (!kafka->is_anew && !kafka->is_denied)
		return 0;
	*err = kafka->is_anew ? kafka->why_anew : kafka->why_denied;
	return -1;
}

static void note_denied(struct kafka *kafka, const rd_kafka_message_t *message)
{
	const char *topic = rd_kafka_topic_name(message->rkt);

	kafka->is_denied = true;
	err_environment(&kafka->why_denied, "kafka: topic %s: %s", topic,
			rd_kafka_err2str(message->err));
	(void)kafka_explain(&kafka->why_denied, kafka->producer, message->err, "Write", topic);
}

/* msg_opaque is NULL or where the offset is wanted. */
static void on_delivery(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque)
{
	struct kafka *kafka = opaque;
	int64_t *offset = message->_private, stamp_ms;
	rd_kafka_timestamp_type_t type;

	(void)producer;
	stamp_ms = rd_kafka_message_timestamp(message, &type);
	if (!message->err && type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME)
		kafka->broker_ms = stamp_ms;
	if (!message->err)
		note_offset(kafka, message);
	else if (kafka_is_denied(message->err) && !kafka->is_denied)
		note_denied(kafka, message);
	if (offset)
		*offset = message->err ? -1 : message->offset;
}

/*
 * Whoever takes over from an instance that is dead cannot read its offsets
 * before its open transaction is given up: so not much later than its session.
 */
static int64_t transaction_ms(const struct kafka_options *options)
{
	return options->session_timeout_ms > TRANSACTION_MIN_MS ? options->session_timeout_ms
								: TRANSACTION_MIN_MS;
}

static rd_kafka_conf_t *producer_conf(struct kafka *kafka, const struct kafka_options *options,
				      struct err *err)
{
	char timeout[24], message_max[24], batch_size[24];
	const char *const settings[][2] = {
	    {"bootstrap.servers", options->brokers},
	    {"client.id", options->transactional_id},
	    {"transactional.id", options->transactional_id},
	    {"transaction.timeout.ms", timeout},
	    {"partitioner", "murmur2_random"},
	    /* The broker says CONCURRENT_TRANSACTIONS until the last markers are written; ask again
	       soon. */
	    {"retry.backoff.ms", "5"},
	    {"linger.ms", "100"}, /* the commit does not wait for it: it flushes */
	    {"compression.codec", "lz4"},
	    {"queue.buffering.max.messages", "2000000"},
	    {"queue.buffering.max.kbytes", "1048576"},
	    {"message.max.bytes", message_max},
	    {"batch.size", batch_size},
	    {"reconnect.backoff.max.ms", "2000"},
	    {"socket.nagle.disable", "true"},
	    {"log.connection.close", "false"},
	    {NULL},
	};
	size_t batch_bytes =
	    kafka->record_max_bytes < BATCH_MAX_BYTES ? kafka->record_max_bytes : BATCH_MAX_BYTES;
	rd_kafka_conf_t *conf;

	snprintf(timeout, sizeof(timeout), "%lld", (long long)transaction_ms(options));
	/* What kafka_limits.c lets pass is never refused here. */
	snprintf(message_max, sizeof(message_max), "%d", kafka_settings_message_max_bytes());
	snprintf(batch_size, sizeof(batch_size), "%zu", batch_bytes);
	conf = kafka_conf(RD_KAFKA_PRODUCER, settings, err);
	if (!conf)
		return NULL;
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rd_kafka_conf_set_opaque(conf, kafka);
	rd_kafka_conf_set_log_cb(conf, kafka_log);
	return conf;
}

/* Takes the error. */
static int fail(const struct kafka *kafka, const char *what, rd_kafka_error_t *error,
		struct err *err)
{
	rd_kafka_resp_err_t code = rd_kafka_error_code(error);

	err_environment(err, "kafka: %s: %s", what, rd_kafka_error_string(error));
	rd_kafka_error_destroy(error);
	/* Offsets are the group's, of which the consumer knows the name. */
	return kafka_explain(err,
			     code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ? kafka->consumer
										  : kafka->producer,
			     code, NULL, NULL);
}

/*
 * Calls again while librdkafka says that this is safe; whatever else it says
 * leaves the transaction's fate unknown to us.
 */
#define RETRIABLE(call, what, err)                                                                 \
	do {                                                                                       \
		rd_kafka_error_t *error_;                                                          \
		int tries_ = 10;                                                                   \
		while ((error_ = (call)) && rd_kafka_error_is_retriable(error_) && --tries_ > 0)   \
			rd_kafka_error_destroy(error_);                                            \
		if (error_)                                                                        \
			return fail(kafka, what, error_, err);                                     \
	} while (0)

int kafka_producer_open(struct kafka *kafka, const struct kafka_options *options, struct err *err)
{
	rd_kafka_conf_t *conf = producer_conf(kafka, options, err);

	if (!conf)
		return -1;
	kafka->state_output = options->state_output;
	kafka->delivered =
	    malloc(sizeof(*kafka->delivered) * KAFKA_OUTPUTS_MAX * (size_t)kafka->partition_count);
	if (!kafka->delivered)
		abort();
	for (int32_t i = 0; i < KAFKA_OUTPUTS_MAX * kafka->partition_count; i++)
		kafka->delivered[i] = -1;
	kafka->producer = kafka_client(RD_KAFKA_PRODUCER, conf, err);
	if (!kafka->producer)
		return -1;
	for (unsigned i = 0; i < options->output_count && i < KAFKA_OUTPUTS_MAX; i++) {
		kafka->output_headers[i] = record_headers_new(options->output_kinds[i]);
		kafka->output_topics[kafka->output_count++] =
		    rd_kafka_topic_new(kafka->producer, options->outputs[i], NULL);
	}
	RETRIABLE(rd_kafka_init_transactions(kafka->producer, KAFKA_TIMEOUT_MS),
		  "init_transactions", err);
	return 0;
}

void kafka_producer_close(struct kafka *kafka)
{
	for (unsigned i = 0; i < kafka->output_count; i++) {
		rd_kafka_topic_destroy(kafka->output_topics[i]);
		record_headers_free(kafka->output_headers[i]);
	}
	if (!kafka->producer)
		return;
	/* A transaction that is still open belongs to a batch that failed: the epoch bump of the
	 * next start aborts it; purging lets destroy() return without waiting for it. */
	rd_kafka_purge(kafka->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_destroy(kafka->producer);
	free(kafka->delivered);
}

static int begin(struct kafka *kafka, struct err *err)
{
	if (kafka->in_transaction)
		return 0;
	RETRIABLE(rd_kafka_begin_transaction(kafka->producer), "begin_transaction", err);
	kafka->in_transaction = true;
	kafka->broker_ms = INT64_MIN;
	return 0;
}

static int put(struct kafka *kafka, unsigned output, int32_t partition, struct slice key,
	       struct slice value, rd_kafka_headers_t *headers, int64_t *ret_offset,
	       struct err *err)
{
	rd_kafka_resp_err_t code;

	for (;;) {
		code = rd_kafka_producev(
		    kafka->producer, RD_KAFKA_V_RKT(kafka->output_topics[output]),
		    RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
		    RD_KAFKA_V_KEY(key.bytes, key.len),
		    RD_KAFKA_V_VALUE((void *)(uintptr_t)value.bytes, value.len),
		    RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(ret_offset), RD_KAFKA_V_END);
		if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL)
			break;
		rd_kafka_poll(kafka->producer, 50);
	}
	if (!code)
		return 0;
	if (headers)
		rd_kafka_headers_destroy(headers);
	err_environment(err, "kafka: %s[%d]: %s", rd_kafka_topic_name(kafka->output_topics[output]),
			(int)partition, rd_kafka_err2str(code));
	return kafka_explain(err, kafka->producer, code, NULL, NULL);
}

static void add_headers(rd_kafka_headers_t *list, const struct kafka_header *headers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		rd_kafka_header_add(list, headers[i].name, -1, headers[i].value.bytes,
				    (ssize_t)headers[i].value.len);
}

int kafka_put(struct kafka *kafka, unsigned output, int32_t partition, struct slice key,
	      struct slice value, const struct kafka_header *headers, size_t header_count,
	      int64_t *ret_offset, struct err *err)
{
	rd_kafka_headers_t *list = NULL;

	if (begin(kafka, err) < 0)
		return -1;
	if (value.bytes && kafka->output_headers[output])
		list = rd_kafka_headers_copy(kafka->output_headers[output]);
	else if (header_count > 0)
		list = rd_kafka_headers_new(header_count);
	add_headers(list, headers, header_count);
	return put(kafka, output, partition, key, value, list, ret_offset, err);
}

int kafka_forward(struct kafka *kafka, unsigned output, int32_t partition, struct slice key,
		  const struct kafka_record *record, const struct kafka_header *headers,
		  size_t header_count, struct err *err)
{
	rd_kafka_headers_t *theirs, *list;

	if (begin(kafka, err) < 0)
		return -1;
	list = rd_kafka_message_headers(record->message, &theirs) == 0
		   ? rd_kafka_headers_copy(theirs)
		   : rd_kafka_headers_new(header_count);
	add_headers(list, headers, header_count);
	return put(kafka, output, partition, key, record->value, list, NULL, err);
}

static rd_kafka_topic_partition_list_t *
offsets_of(const struct kafka *kafka, const struct kafka_position *positions, size_t count)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);

	for (size_t i = 0; i < count; i++) {
		rd_kafka_topic_partition_t *to = rd_kafka_topic_partition_list_add(
		    list, kafka->inputs[positions[i].input], positions[i].partition);

		to->offset = positions[i].offset;
		to->metadata = strdup(positions[i].metadata);
		to->metadata_size = strlen(positions[i].metadata);
	}
	return list;
}

static int send_offsets(struct kafka *kafka, rd_kafka_topic_partition_list_t *list, struct err *err)
{
	RETRIABLE(rd_kafka_send_offsets_to_transaction(kafka->producer, list, kafka->membership,
						       KAFKA_TIMEOUT_MS),
		  "send_offsets_to_transaction", err);
	return 0;
}

int kafka_flush(struct kafka *kafka, int64_t *ret_broker_ms, struct err *err)
{
	rd_kafka_resp_err_t code = rd_kafka_flush(kafka->producer, KAFKA_TIMEOUT_MS);

	if (code) {
		err_environment(err, "kafka: flush: %s", rd_kafka_err2str(code));
		return kafka_explain(err, kafka->producer, code, NULL, NULL);
	}
	*ret_broker_ms = kafka->broker_ms;
	return check_deliveries(kafka, err);
}

void kafka_abort(struct kafka *kafka)
{
	rd_kafka_error_t *error;

	if (!kafka->in_transaction)
		return;
	error = rd_kafka_abort_transaction(kafka->producer, KAFKA_TIMEOUT_MS);
	if (error)
		rd_kafka_error_destroy(error);
	kafka->in_transaction = false;
}

int kafka_commit(struct kafka *kafka, const struct kafka_position *positions, size_t count,
		 struct err *err)
{
	rd_kafka_topic_partition_list_t *list;
	int64_t ignored_ms;
	int r;

	/* The offsets of the records are known before the commit, and are checked. */
	if (begin(kafka, err) < 0 || kafka_flush(kafka, &ignored_ms, err) < 0)
		return -1;
	list = offsets_of(kafka, positions, count);
	r = send_offsets(kafka, list, err);
	rd_kafka_topic_partition_list_destroy(list);
	if (r < 0)
		return -1;
	RETRIABLE(rd_kafka_commit_transaction(kafka->producer, KAFKA_TIMEOUT_MS),
		  "commit_transaction", err);
	kafka->in_transaction = false;
	kafka_lag_note(kafka->lag, positions, count);
	return 0;
}
