/* topic_tail.c - see topic_tail.h; librdkafka. */
#include "topic_tail.h"

#include <stdlib.h>

#include "topic_bounds.h"
#include "topic_client.h"
#include "kafka_trouble.h"

/* Whoever listens also answers for others meanwhile, so nobody waits long here. */
enum { ASK_MS = 3000 };

struct topic_tail {
	rd_kafka_t *client;
	rd_kafka_message_t *message; /* the one that was given last */
	const char *const *topics;
};

/* Records beyond this end were written later, or by a transaction that is open now. */
static int add_end(const struct topic_tail *tail, const char *topic, int32_t partition,
		   rd_kafka_topic_partition_list_t *list, struct err *err)
{
	int64_t low, high;

	if (topic_bounds(tail->client, topic, partition, "Read", ASK_MS, &low, &high, err) < 0)
		return -1;
	rd_kafka_topic_partition_list_add(list, topic, partition)->offset = high;
	return 0;
}

static int add_topic(const struct topic_tail *tail, const char *topic,
		     rd_kafka_topic_partition_list_t *list, struct err *err)
{
	int32_t count;

	if (topic_client_expect(tail->client, topic, "Read", ASK_MS, &count, err) < 0)
		return -1;
	for (int32_t p = 0; p < count; p++)
		if (add_end(tail, topic, p, list, err) < 0)
			return -1;
	return 0;
}

static int assign(const struct topic_tail *tail, struct err *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
	rd_kafka_resp_err_t code;
	int r = 0;

	for (unsigned i = 0; tail->topics[i] && r == 0; i++)
		r = add_topic(tail, tail->topics[i], list, err);
	if (r == 0 && (code = rd_kafka_assign(tail->client, list)))
		r = err_environment(err, "kafka: %s", rd_kafka_err2str(code));
	rd_kafka_topic_partition_list_destroy(list);
	return r;
}

int topic_tail_open(struct topic_tail **ret, const struct tail_options *options, struct err *err)
{
	struct topic_tail *tail = calloc(1, sizeof(*tail));

	if (!tail)
		abort();
	tail->topics = options->topics;
	tail->client = topic_client_open(options->brokers, options->name, options->name, err);
	if (tail->client && assign(tail, err) == 0) {
		*ret = tail;
		return 0;
	}
	topic_tail_close(&tail);
	return -1;
}

static void forget_message(struct topic_tail *tail)
{
	if (tail->message)
		rd_kafka_message_destroy(tail->message);
	tail->message = NULL;
}

static unsigned topic_of(const struct topic_tail *tail, const rd_kafka_message_t *message)
{
	const char *name = rd_kafka_topic_name(message->rkt);
	unsigned i = 0;

	while (tail->topics[i] && strcmp(tail->topics[i], name) != 0)
		i++;
	return i;
}

static int read_failed(rd_kafka_t *client, const rd_kafka_message_t *message, struct err *err)
{
	err_environment(err, "kafka: %s", rd_kafka_message_errstr(message));
	return kafka_explain(err, client, message->err, "Read",
			     message->rkt ? rd_kafka_topic_name(message->rkt) : NULL);
}

int topic_tail_next(struct topic_tail *tail, int wait_ms, struct tail_record *ret, struct err *err)
{
	const rd_kafka_message_t *message;

	forget_message(tail);
	message = tail->message = rd_kafka_consumer_poll(tail->client, wait_ms);
	if (!message)
		return 0;
	if (message->err == RD_KAFKA_RESP_ERR__FATAL ||
	    message->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
	    message->err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
		return read_failed(tail->client, message, err);
	/* After all other errors the library goes on by itself; a tick has no key. */
	if (message->err || message->key_len == 0)
		return 0;
	*ret = (struct tail_record){.topic = topic_of(tail, message),
				    .key = slice_of(message->key, message->key_len),
				    .value = slice_of(message->payload, message->len)};
	return 1;
}

struct slice topic_tail_header(const struct topic_tail *tail, const char *name)
{
	struct slice value = topic_client_header(tail->message, name);

	return value.bytes ? value : slice_text("");
}

void topic_tail_close(struct topic_tail **tail_address)
{
	struct topic_tail *tail = *tail_address;

	if (!tail)
		return;
	*tail_address = NULL;
	forget_message(tail);
	if (tail->client) {
		rd_kafka_consumer_close(tail->client);
		rd_kafka_destroy(tail->client);
	}
	free(tail);
}
