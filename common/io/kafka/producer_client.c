/*
 * producer_client.c - how the client library is set up.
 *
 * Idempotent with acks from all replicas: a retry inside the client never
 * doubles a record, and an acknowledgement means that it is there.
 */
#include <stdio.h>

#include "kafka_conf.h"
#include "producer_internal.h"

enum { DELIVERY_MS = 4000 };

/*
 * Records gather as long as the brokers are busy, and no longer: with a linger of 0 a record leaves
 * at once when fewer requests than this are under way to its broker; else it waits with all that
 * come meanwhile for an answer. A broker works on one request of a connection at a time, so more
 * than a second one, which hides the way there and back, would only freeze smaller batches.
 */
#define REQUESTS_UNDER_WAY "2"

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

/* Text of ms, or of the default where nothing is said. */
static const char *ms_text(int64_t ms, int64_t default_ms, char ret[24])
{
	snprintf(ret, 24, "%lld", (long long)(ms ? ms : default_ms));
	return ret;
}

static rd_kafka_conf_t *make_conf(const struct producer_options *options, struct err *err)
{
	char linger[24], delivery[24];
	const char *const settings[][2] = {
	    {"bootstrap.servers", options->brokers},
	    {"client.id", options->client_id ? options->client_id : "nurture"},
	    {"linger.ms", ms_text(options->linger_ms, 0, linger)},
	    {"max.in.flight.requests.per.connection", REQUESTS_UNDER_WAY},
	    {"delivery.timeout.ms", ms_text(options->delivery_timeout_ms, DELIVERY_MS, delivery)},
	    {"enable.idempotence", "true"},
	    {"acks", "all"},
	    {"partitioner", "murmur2_random"}, /* as Java's clients, or joins break */
	    {"compression.codec", "lz4"},
	    {"socket.nagle.disable", "true"}, /* else 40 ms now and then */
	    {"socket.keepalive.enable", "true"},
	    {"reconnect.backoff.max.ms", "2000"},
	    /* A missing topic fails before the timeout. */
	    {"topic.metadata.propagation.max.ms", "1000"},
	    {"allow.auto.create.topics", "false"},
	    {"queue.buffering.max.messages", "100000"},
	    {"queue.buffering.max.kbytes", "65536"}, /* the default is 1 GiB */
	    /* Newer libraries push telemetry to the broker by themselves. */
	    {rd_kafka_version() >= 0x02080000 ? "enable.metrics.push" : NULL, "false"},
	    {NULL},
	};

	return kafka_conf(RD_KAFKA_PRODUCER, settings, err);
}

int producer_client_open(struct producer *producer, const struct producer_options *options,
			 struct err *err)
{
	rd_kafka_conf_t *conf = make_conf(options, err);

	if (!conf)
		return -1;
	rd_kafka_conf_set_opaque(conf, producer);
	rd_kafka_conf_set_dr_msg_cb(conf, producer_on_delivery);
	rd_kafka_conf_set_error_cb(conf, on_error);
	rd_kafka_conf_set_log_cb(conf, kafka_log_connections);
	producer->client = kafka_client(RD_KAFKA_PRODUCER, conf, err);
	return producer->client ? 0 : -1;
}
