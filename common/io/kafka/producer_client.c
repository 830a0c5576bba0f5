/*
 * producer_client.c - how the client library is set up.
 *
 * Idempotent with acks from all replicas: a retry inside the client never
 * doubles a record, and an acknowledgement means that it is there.
 */
#include <stdio.h>

#include "producer_internal.h"

enum { LINGER_MS = 2, DELIVERY_MS = 4000 };

static void on_error(rd_kafka_t *client, int code, const char *reason, void *opaque)
{
	struct producer *producer = opaque;

	(void)client;
	(void)reason;
	if (code == RD_KAFKA_RESP_ERR__FATAL)
		producer->dead = true;
	if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
		producer->reachable = false;
}

/* The library's own lines would not have our format; what matters comes back as a failure. */
static void on_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
	(void)client;
	(void)level;
	(void)facility;
	(void)text;
}

static int set(rd_kafka_conf_t *conf, const char *name, const char *value, struct err *err)
{
	char why[300];

	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) == RD_KAFKA_CONF_OK)
		return 0;
	return err_config(err, "kafka: %s", why);
}

static int set_ms(rd_kafka_conf_t *conf, const char *name, int64_t ms, struct err *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)ms);
	return set(conf, name, text, err);
}

static const char *const fixed[][2] = {
    {"enable.idempotence", "true"},
    {"acks", "all"},
    {"partitioner", "murmur2_random"}, /* as Java's clients, or joins break */
    {"compression.codec", "lz4"},
    {"socket.nagle.disable", "true"}, /* else 40 ms now and then */
    {"socket.keepalive.enable", "true"},
    {"reconnect.backoff.max.ms", "2000"},
    {"topic.metadata.propagation.max.ms", "1000"}, /* a missing topic fails before the timeout */
    {"allow.auto.create.topics", "false"},
    {"queue.buffering.max.messages", "100000"},
    {"queue.buffering.max.kbytes", "65536"}, /* the default is 1 GiB */
};

static int configure(rd_kafka_conf_t *conf, const struct producer_options *options, struct err *err)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (set(conf, fixed[i][0], fixed[i][1], err) < 0)
			return -1;
	/* Newer libraries push telemetry to the broker by themselves. */
	if (rd_kafka_version() >= 0x02080000 && set(conf, "enable.metrics.push", "false", err) < 0)
		return -1;
	if (set(conf, "bootstrap.servers", options->brokers, err) < 0 ||
	    set(conf, "client.id", options->client_id ? options->client_id : "nurture", err) < 0 ||
	    set_ms(conf, "linger.ms", options->linger_ms ? options->linger_ms : LINGER_MS, err) < 0)
		return -1;
	return set_ms(conf, "delivery.timeout.ms",
		      options->delivery_timeout_ms ? options->delivery_timeout_ms : DELIVERY_MS,
		      err);
}

int producer_client_open(struct producer *producer, const struct producer_options *options,
			 struct err *err)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[300];

	if (configure(conf, options, err) < 0) {
		rd_kafka_conf_destroy(conf);
		return -1;
	}
	rd_kafka_conf_set_opaque(conf, producer);
	rd_kafka_conf_set_dr_msg_cb(conf, producer_on_delivery);
	rd_kafka_conf_set_error_cb(conf, on_error);
	rd_kafka_conf_set_log_cb(conf, on_log);
	producer->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (producer->client)
		return 0;
	rd_kafka_conf_destroy(conf);
	return err_config(err, "kafka: %s", why);
}
