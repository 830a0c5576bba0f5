/* kafka.c - the consumer half of kafka.h: membership, positions, records. */
#include "kafka.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/text.h"
#include "common/base/tick.h"
#include "kafka_conf.h"
#include "kafka_internal.h"
#include "kafka_lag.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "topic_client.h"
#include "kafka_trouble.h"

enum { WAKE_MS = 10 };

static int fail(struct kafka *kafka)
{
	kafka->failed = true;
	return -1;
}

static void note_membership(struct kafka *kafka)
{
	if (kafka->membership)
		rd_kafka_consumer_group_metadata_destroy(kafka->membership);
	kafka->membership = rd_kafka_consumer_group_metadata(kafka->consumer);
}

static int assign(struct kafka *kafka, rd_kafka_topic_partition_list_t *list, struct err *err)
{
	struct kafka_position *positions = calloc((size_t)list->cnt + 1, sizeof(*positions));
	rd_kafka_resp_err_t code;
	int r;

	if (!positions)
		abort();
	note_membership(kafka);
	r = kafka_read_positions(kafka, list, positions, err);
	if (r == 0)
		r = kafka->listener.assigned(kafka->listener.context, positions, (size_t)list->cnt,
					     err);
	for (int i = 0; r == 0 && i < list->cnt; i++)
		list->elems[i].offset =
		    positions[i].offset >= 0 ? positions[i].offset : RD_KAFKA_OFFSET_BEGINNING;
	if (r == 0)
		kafka_lag_note(kafka->lag, positions, (size_t)list->cnt);
	free(positions);
	if (r == 0 && (code = rd_kafka_assign(kafka->consumer, list)))
		r = err_environment(err, "kafka: assign: %s", rd_kafka_err2str(code));
	return r;
}

/* Runs inside rd_kafka_consumer_poll() and rd_kafka_consumer_close(). */
static void on_rebalance(rd_kafka_t *consumer, rd_kafka_resp_err_t code,
			 rd_kafka_topic_partition_list_t *list, void *opaque)
{
	struct kafka *kafka = opaque;
	bool lost = rd_kafka_assignment_lost(consumer);

	if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !kafka->failed) {
		if (assign(kafka, list, &kafka->why) == 0)
			return;
		fail(kafka);
	}
	if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS && !kafka->failed &&
	    kafka->listener.revoked(kafka->listener.context, lost, &kafka->why) < 0)
		fail(kafka);
	kafka_lag_forget(kafka->lag);
	/* A pause would outlive the assignment, and nobody would know of it. */
	if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS)
		(void)rd_kafka_resume_partitions(consumer, list);
	rd_kafka_assign(consumer, NULL);
}

static rd_kafka_conf_t *consumer_conf(struct kafka *kafka, const struct kafka_options *options,
				      struct err *err)
{
	char session[24], heartbeat[24];
	const char *const settings[][2] = {
	    {"bootstrap.servers", options->brokers},
	    {"client.id", options->group},
	    {"group.id", options->group},
	    {"enable.auto.commit", "false"},
	    {"enable.auto.offset.store", "false"},
	    {"isolation.level", "read_committed"},
	    /* We decide ourselves about a position that the topic does not have. */
	    {"auto.offset.reset", "error"},
	    /* Eager and range: co-partitioned inputs need it; the cooperative one has bugs up
	       to 2.10. */
	    {"partition.assignment.strategy", "range"},
	    {"session.timeout.ms", session},
	    {"heartbeat.interval.ms", heartbeat},
	    {"max.poll.interval.ms", "300000"},
	    /* A lower queued.min.messages makes 2.0.2 sleep a second whenever it is reached. */
	    {"queued.min.messages", "100000"},
	    {"queued.max.messages.kbytes", "8192"},
	    /* Of one partition, compressed. A larger record comes all the same, alone. */
	    {"fetch.message.max.bytes", "262144"},
	    {"fetch.error.backoff.ms", "50"},
	    {"reconnect.backoff.max.ms", "2000"},
	    {"socket.nagle.disable", "true"},
	    {"log.connection.close", "false"},
	    {NULL},
	};
	rd_kafka_conf_t *conf;

	snprintf(session, sizeof(session), "%lld", (long long)options->session_timeout_ms);
	snprintf(heartbeat, sizeof(heartbeat), "%lld", (long long)options->session_timeout_ms / 4);
	conf = kafka_conf(RD_KAFKA_CONSUMER, settings, err);
	if (!conf)
		return NULL;
	rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
	rd_kafka_conf_set_log_cb(conf, kafka_log);
	rd_kafka_conf_set_opaque(conf, kafka);
	return conf;
}

static int subscribe(struct kafka *kafka, struct err *err)
{
	rd_kafka_topic_partition_list_t *list =
	    rd_kafka_topic_partition_list_new((int)kafka->input_count);
	rd_kafka_resp_err_t code;

	for (unsigned i = 0; i < kafka->input_count; i++)
		rd_kafka_topic_partition_list_add(list, kafka->inputs[i], RD_KAFKA_PARTITION_UA);
	code = rd_kafka_subscribe(kafka->consumer, list);
	rd_kafka_topic_partition_list_destroy(list);
	if (code)
		return err_environment(err, "kafka: subscribe: %s", rd_kafka_err2str(code));
	return 0;
}

int kafka_open(struct kafka **ret, const struct kafka_options *options, struct err *err)
{
	struct kafka *kafka = calloc(1, sizeof(*kafka));
	rd_kafka_conf_t *conf;

	if (!kafka)
		abort();
	kafka->listener = options->listener;
	kafka->brokers = options->brokers;
	kafka->input_count = options->input_count;
	memcpy(kafka->inputs, options->inputs, options->input_count * sizeof(*options->inputs));
	conf = consumer_conf(kafka, options, err);
	if (!conf)
		goto failed;
	kafka->consumer = topic_client_of(conf, err);
	if (!kafka->consumer)
		goto failed;
	kafka->looker =
	    topic_client_open_all(options->brokers, options->group, options->group, err);
	if (!kafka->looker)
		goto failed;
	if (kafka_check_topics(kafka, options, err) < 0 ||
	    kafka_learn_limits(kafka, options, err) < 0 ||
	    kafka_producer_open(kafka, options, err) < 0 || subscribe(kafka, err) < 0)
		goto failed;
	kafka->lag = kafka_lag_open(kafka->consumer, kafka->inputs, kafka->input_count,
				    kafka->partition_count);
	/*
	 * An input that was made anew lacks the offset that comes next; that was reported already.
	 */
	kafka->input_watch =
	    topic_watch_open(kafka->consumer, kafka->partition_count, NULL, 0, NULL);
	kafka->output_watch =
	    topic_watch_open(kafka->producer, kafka->partition_count, options->outputs,
			     kafka->output_count, options->state_output);
	*ret = kafka;
	return 0;
failed:
	kafka_close(&kafka);
	return -1;
}

void kafka_close(struct kafka **kafka)
{
	struct kafka *k = *kafka;

	if (!k)
		return;
	topic_watch_close(&k->input_watch);
	topic_watch_close(&k->output_watch);
	/* Closing a member that is just joining can hang in 2.0.2; one that never polled owns
	 * nothing. */
	if (k->consumer && k->was_polled)
		rd_kafka_consumer_close(k->consumer);
	kafka_producer_close(k);
	kafka_lag_close(&k->lag);
	if (k->looker)
		rd_kafka_destroy(k->looker);
	if (k->membership)
		rd_kafka_consumer_group_metadata_destroy(k->membership);
	if (k->consumer)
		rd_kafka_destroy_flags(k->consumer,
				       k->was_polled ? 0 : RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
	free(k);
	*kafka = NULL;
}

int kafka_check(struct kafka *kafka, struct err *err)
{
	return topic_watch_check(kafka->input_watch, err) < 0 ||
		       topic_watch_check(kafka->output_watch, err) < 0
		   ? -1
		   : 0;
}

void kafka_explain_silence(struct err *err)
{
	kafka_trouble_explain(err);
}

int32_t kafka_partitions(const struct kafka *kafka)
{
	return kafka->partition_count;
}

/* A tick has neither key nor value, only the header. */
static void read_tick(const rd_kafka_message_t *message, struct kafka_record *record)
{
	rd_kafka_headers_t *headers;
	const void *value;
	struct err ignored;
	size_t len;

	if (message->payload || rd_kafka_message_headers(message, &headers) ||
	    rd_kafka_header_get_last(headers, TICK_HEADER, &value, &len))
		return;
	record->is_tick =
	    text_int64(slice_of(value, len), INT64_MIN, INT64_MAX, &record->tick_ms, &ignored) == 0;
}

/* A time that the producer has set is no time of arrival. */
static int64_t stamp_of(const rd_kafka_message_t *message)
{
	rd_kafka_timestamp_type_t type;
	int64_t at_ms = rd_kafka_message_timestamp(message, &type);

	return type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME && at_ms > 0 ? at_ms : 0;
}

/* After all other errors librdkafka goes on by itself; err is set when it cannot. */
static bool cannot_go_on(rd_kafka_t *client, const rd_kafka_message_t *message, struct err *err)
{
	const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "";

	switch ((int)message->err) {
	case RD_KAFKA_RESP_ERR__FATAL:
		err_environment(err, "kafka: %s", rd_kafka_message_errstr(message));
		return true;
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
		err_environment(err, "kafka: %s", rd_kafka_message_errstr(message));
		(void)kafka_explain(err, client, message->err, "Read", topic);
		return true;
	case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
		/* The next start says what became of the topic, and whether we may go on. */
		err_environment(err,
				"topic %s, partition %d: it does not have the offset that is "
				"to be read next: %s",
				topic, (int)message->partition, rd_kafka_message_errstr(message));
		return true;
	case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
	case RD_KAFKA_RESP_ERR__BAD_MSG:
		/* Another fetch would bring the same bytes. */
		err_config(err,
			   "topic %s, partition %d, offset %lld: it cannot be read: %s. Stop "
			   "the service; nurturectl skip passes it over",
			   topic, (int)message->partition, (long long)message->offset,
			   rd_kafka_message_errstr(message));
		return true;
	default:
		log_event(LOG_LEVEL_WARN, "kafka", "topic", topic, "text",
			  rd_kafka_message_errstr(message), NULL);
		return false;
	}
}

static void read_record(const struct kafka *kafka, rd_kafka_message_t *message,
			struct kafka_record *ret)
{
	rd_kafka_timestamp_type_t type;

	*ret = (struct kafka_record){
	    .input = (unsigned)kafka_input_of(kafka, rd_kafka_topic_name(message->rkt)),
	    .partition = message->partition,
	    .offset = message->offset,
	    .timestamp_ms = rd_kafka_message_timestamp(message, &type),
	    .key = slice_of(message->key, message->key_len),
	    .value = slice_of(message->payload, message->len),
	    .stamped_ms = stamp_of(message),
	    .message = message};
	if (!message->payload)
		read_tick(message, ret);
}

int kafka_poll(struct kafka *kafka, int wait_ms, struct kafka_record *ret, struct err *err)
{
	rd_kafka_message_t *message;
	struct err ignored;
	int r = 0;

	kafka->was_polled = true;
	if (kafka_check(kafka, &ignored) < 0) {
		stop_request(); /* in good order: the caller asks why */
		return 0;
	}
	message = rd_kafka_consumer_poll(kafka->consumer, wait_ms);
	if (kafka->failed) {
		*err = kafka->why;
		r = -1;
	} else if (message && !message->err) {
		read_record(kafka, message, ret);
		return 1;
	} else if (message && cannot_go_on(kafka->consumer, message, err)) {
		r = -1;
	}
	if (message)
		rd_kafka_message_destroy(message);
	return r;
}

void kafka_release(struct kafka_record *record)
{
	if (record->message)
		rd_kafka_message_destroy(record->message);
	record->message = NULL;
}

static rd_kafka_topic_partition_list_t *places_of(const struct kafka *kafka,
						  const struct kafka_place *places, size_t count)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);

	for (size_t i = 0; i < count; i++)
		rd_kafka_topic_partition_list_add(list, kafka->inputs[places[i].input],
						  places[i].partition)
		    ->offset = RD_KAFKA_OFFSET_END;
	return list;
}

int kafka_pause(struct kafka *kafka, const struct kafka_place *place, struct err *err)
{
	rd_kafka_topic_partition_list_t *list = places_of(kafka, place, 1);
	rd_kafka_resp_err_t code = rd_kafka_pause_partitions(kafka->consumer, list);

	rd_kafka_topic_partition_list_destroy(list);
	return code ? err_environment(err, "kafka: pause: %s", rd_kafka_err2str(code)) : 0;
}

/*
 * A thread of librdkafka that has nothing to fetch sleeps for up to a second (seen with 2.0.2), and
 * a resumed partition does not wake it.  A question to its broker does, and nobody needs the answer.
 */
int kafka_resume(struct kafka *kafka, const struct kafka_place *places, size_t count,
		 struct err *err)
{
	rd_kafka_topic_partition_list_t *list = places_of(kafka, places, count);
	rd_kafka_resp_err_t code = rd_kafka_resume_partitions(kafka->consumer, list);

	if (!code)
		(void)rd_kafka_offsets_for_times(kafka->consumer, list, WAKE_MS);
	rd_kafka_topic_partition_list_destroy(list);
	return code ? err_environment(err, "kafka: resume: %s", rd_kafka_err2str(code)) : 0;
}
