/*
 * client.h - the two Kafka clients of a copy, with the settings of common/io/kafka/kafka.c and
 * kafka_put.c: what differs between the copy and the service must not be the client.
 */
#ifndef COPY_CHAIN_CLIENT_H
#define COPY_CHAIN_CLIENT_H

#include <librdkafka/rdkafka.h>
#include <stdio.h>

#include "options.h"

enum { TIMEOUT_MS = 30000 };

static int set_all(rd_kafka_conf_t *conf, const char *const (*settings)[2], struct err *err)
{
	char why[256];

	for (; (*settings)[0]; settings++)
		if (rd_kafka_conf_set(conf, (*settings)[0], (*settings)[1], why, sizeof(why)))
			return err_config(err, "%s: %s", (*settings)[0], why);
	return 0;
}

static rd_kafka_t *client_new(rd_kafka_type_t type, rd_kafka_conf_t *conf,
			      const char *const (*settings)[2], struct err *err)
{
	rd_kafka_t *client = NULL;
	char why[256];

	if (set_all(conf, settings, err) == 0) {
		client = rd_kafka_new(type, conf, why, sizeof(why));
		if (!client)
			err_config(err, "%s", why);
	}
	if (!client)
		rd_kafka_conf_destroy(conf);
	return client;
}

static void on_rebalance(rd_kafka_t *consumer, rd_kafka_resp_err_t code,
			 rd_kafka_topic_partition_list_t *partitions, void *opaque)
{
	(void)opaque;
	rd_kafka_assign(consumer, code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS ? partitions : NULL);
	if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
		puts("ready");
		fflush(stdout);
	}
}

static int consumer_open(struct copy *copy, struct err *err)
{
	const char *const settings[][2] = {{"bootstrap.servers", copy->brokers},
					   {"client.id", copy->name},
					   {"group.id", copy->name},
					   {"enable.auto.commit", "false"},
					   {"enable.auto.offset.store", "false"},
					   {"isolation.level", "read_committed"},
					   {"auto.offset.reset", "earliest"},
					   {"partition.assignment.strategy", "range"},
					   {"session.timeout.ms", "6000"},
					   {"heartbeat.interval.ms", "1500"},
					   {"max.poll.interval.ms", "300000"},
					   {"queued.min.messages", "100000"},
					   {"queued.max.messages.kbytes", "32768"},
					   {"fetch.error.backoff.ms", "50"},
					   {"reconnect.backoff.max.ms", "2000"},
					   {"socket.nagle.disable", "true"},
					   {"log.connection.close", "false"},
					   {NULL, NULL}};
	rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(INPUTS_MAX);
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_resp_err_t code = 0;

	for (unsigned i = 0; i < copy->input_count; i++)
		rd_kafka_topic_partition_list_add(topics, copy->inputs[i].topic,
						  RD_KAFKA_PARTITION_UA);
	rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
	copy->consumer = client_new(RD_KAFKA_CONSUMER, conf, settings, err);
	if (copy->consumer) {
		rd_kafka_poll_set_consumer(copy->consumer);
		code = rd_kafka_subscribe(copy->consumer, topics);
	}
	rd_kafka_topic_partition_list_destroy(topics);
	if (code)
		return err_environment(err, "subscribe: %s", rd_kafka_err2str(code));
	return copy->consumer ? 0 : -1;
}

static int checked(rd_kafka_error_t *error, const char *what, struct err *err)
{
	if (!error)
		return 0;
	err_environment(err, "%s: %s", what, rd_kafka_error_string(error));
	rd_kafka_error_destroy(error);
	return -1;
}

static int producer_open(struct copy *copy, struct err *err)
{
	const char *const settings[][2] = {{"bootstrap.servers", copy->brokers},
					   {"client.id", copy->name},
					   {"transactional.id", copy->name},
					   {"transaction.timeout.ms", "30000"},
					   {"retry.backoff.ms", "5"},
					   {"linger.ms", "100"},
					   {"compression.codec", "lz4"},
					   {"queue.buffering.max.messages", "2000000"},
					   {"queue.buffering.max.kbytes", "1048576"},
					   {"message.max.bytes", "4000000"},
					   {"reconnect.backoff.max.ms", "2000"},
					   {"socket.nagle.disable", "true"},
					   {"log.connection.close", "false"},
					   {NULL, NULL}};

	copy->producer = client_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), settings, err);
	if (!copy->producer)
		return -1;
	for (unsigned i = 0; i < copy->output_count; i++)
		copy->outputs[i].handle =
		    rd_kafka_topic_new(copy->producer, copy->outputs[i].topic, NULL);
	return checked(rd_kafka_init_transactions(copy->producer, TIMEOUT_MS), "init_transactions",
		       err);
}

#endif
