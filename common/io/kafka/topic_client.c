/* topic_client.c - see topic_client.h; librdkafka. */
#include "topic_client.h"

#include "common/base/tick.h"
#include "common/io/process/clock.h"
#include "kafka_conf.h"
#include "kafka_trouble.h"

enum { PIECE_MS = 1000 };

rd_kafka_t *topic_client_of(rd_kafka_conf_t *conf, struct err *err)
{
	rd_kafka_t *client = kafka_client(RD_KAFKA_CONSUMER, conf, err);

	if (client)
		rd_kafka_poll_set_consumer(client);
	return client;
}

struct slice topic_client_header(const rd_kafka_message_t *message, const char *name)
{
	rd_kafka_headers_t *headers;
	const void *value;
	size_t len;

	if (!message || rd_kafka_message_headers(message, &headers) ||
	    rd_kafka_header_get_last(headers, name, &value, &len))
		return slice_of(NULL, 0);
	return slice_of(value, len);
}

bool topic_client_is_tick(const rd_kafka_message_t *message)
{
	rd_kafka_headers_t *headers;
	const void *value;
	size_t len;

	return !message->payload && message->key_len == 0 &&
	       !rd_kafka_message_headers(message, &headers) &&
	       !rd_kafka_header_get_last(headers, TICK_HEADER, &value, &len);
}

/* How much of a partition may wait here, and how much of it is asked for at once. */
struct queue_bounds {
	const char *kbytes, *fetch_bytes;
};
static const struct queue_bounds roomy = {"65536", "1048576"}, bounded = {"4096", "524288"};

static rd_kafka_t *open_client(const char *brokers, const char *name, const char *group,
			       const char *isolation, const struct queue_bounds *queue,
			       struct err *err)
{
	const char *const settings[][2] = {
	    {"bootstrap.servers", brokers},
	    {"client.id", name},
	    {"group.id", group},
	    {"enable.auto.commit", "false"},
	    {"enable.auto.offset.store", "false"},
	    {"isolation.level", isolation},
	    {"enable.partition.eof", "true"},
	    {"auto.offset.reset", "earliest"},
	    {"allow.auto.create.topics", "false"},
	    {"queued.max.messages.kbytes", queue->kbytes},
	    {"fetch.message.max.bytes", queue->fetch_bytes},
	    {"fetch.wait.max.ms", "100"},
	    {"fetch.error.backoff.ms", "50"},
	    {"reconnect.backoff.max.ms", "2000"},
	    {"socket.nagle.disable", "true"},
	    {"log.connection.close", "false"},
	    /* Before 2.2 it cannot be said: then a fetcher sleeps a second at the bound. */
	    {rd_kafka_version() < 0x02020000 ? NULL : "fetch.queue.backoff.ms", "10"},
	    {NULL},
	};
	rd_kafka_conf_t *conf = kafka_conf(RD_KAFKA_CONSUMER, settings, err);

	if (!conf)
		return NULL;
	rd_kafka_conf_set_log_cb(conf, kafka_log_nothing);
	rd_kafka_conf_set_opaque(conf, (void *)(uintptr_t)brokers);
	return topic_client_of(conf, err);
}

rd_kafka_t *topic_client_open(const char *brokers, const char *name, const char *group,
			      struct err *err)
{
	return open_client(brokers, name, group, "read_committed", &roomy, err);
}

rd_kafka_t *topic_client_open_bounded(const char *brokers, const char *name, const char *group,
				      struct err *err)
{
	return open_client(brokers, name, group, "read_committed", &bounded, err);
}

rd_kafka_t *topic_client_open_all(const char *brokers, const char *name, const char *group,
				  struct err *err)
{
	return open_client(brokers, name, group, "read_uncommitted", &roomy, err);
}

rd_kafka_resp_err_t topic_client_metadata(rd_kafka_t *client, rd_kafka_topic_t *topic,
					  const struct rd_kafka_metadata **ret, int wait_ms)
{
	int64_t begun_ms = clock_monotonic_ms();
	rd_kafka_resp_err_t code;

	for (int left_ms = wait_ms;; left_ms -= PIECE_MS) {
		code = rd_kafka_metadata(client, 0, topic, ret,
					 left_ms < PIECE_MS ? left_ms : PIECE_MS);
		if (!code || left_ms <= PIECE_MS || kafka_trouble_lasts(begun_ms))
			return code;
	}
}

int topic_client_ask(rd_kafka_t *client, const char *topic, int wait_ms,
		     const struct rd_kafka_metadata **ret, rd_kafka_resp_err_t *ret_code,
		     struct err *err)
{
	rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
	rd_kafka_resp_err_t code;

	if (!handle)
		return err_config(err, "topic %s: %s", topic,
				  rd_kafka_err2str(rd_kafka_last_error()));
	code = topic_client_metadata(client, handle, ret, wait_ms);
	rd_kafka_topic_destroy(handle);
	if (code) {
		err_environment(err, "kafka at %s: no answer: %s",
				(const char *)rd_kafka_opaque(client), rd_kafka_err2str(code));
		return kafka_explain(err, client, code, NULL, topic);
	}
	*ret_code = (*ret)->topic_cnt == 1 ? (*ret)->topics[0].err
					   : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
	return 0;
}

/* operation: the right that is missing when the topic may not even be seen. */
static int ask_shape(rd_kafka_t *client, const char *topic, const char *operation, int wait_ms,
		     struct topic_shape *ret, struct err *err)
{
	const struct rd_kafka_metadata *said;
	rd_kafka_resp_err_t code;

	if (topic_client_ask(client, topic, wait_ms, &said, &code, err) < 0)
		return -1;
	*ret = (struct topic_shape){.brokers = said->broker_cnt};
	if (!code)
		ret->partitions = said->topics[0].partition_cnt;
	if (ret->partitions)
		ret->copies = said->topics[0].partitions[0].replica_cnt;
	rd_kafka_metadata_destroy(said);
	if (!code || code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
		return 0;
	err_environment(err, "topic %s: %s", topic, rd_kafka_err2str(code));
	return kafka_explain(err, client, code, operation, topic);
}

int topic_client_shape(rd_kafka_t *client, const char *topic, struct topic_shape *ret,
		       struct err *err)
{
	return ask_shape(client, topic, "Describe", TOPIC_ASK_MS, ret, err);
}

int topic_client_partitions(rd_kafka_t *client, const char *topic, int32_t *ret, struct err *err)
{
	struct topic_shape shape;

	if (ask_shape(client, topic, "Describe", TOPIC_ASK_MS, &shape, err) < 0)
		return -1;
	*ret = shape.partitions;
	return 0;
}

int topic_client_expect(rd_kafka_t *client, const char *topic, const char *operation, int wait_ms,
			int32_t *ret, struct err *err)
{
	struct topic_shape shape;

	if (ask_shape(client, topic, operation, wait_ms, &shape, err) < 0)
		return -1;
	if (shape.partitions == 0)
		return err_environment(err, "topic %s does not exist: run nurturectl topics",
				       topic);
	*ret = shape.partitions;
	return 0;
}
