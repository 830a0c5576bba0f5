/*
 * config_kafka.h - how we connect to Kafka and log in there, from the environment.
 *
 * KAFKA_SASL_USERNAME is librdkafka's sasl.username, and so on; of each,
 * NAME_FILE names a file that has the value.  KAFKA_CONFIG_FILE names a file of
 * lines NAME=VALUE with librdkafka's names; a variable overrides its line.
 * Which names are taken, and why others are not: common/io/kafka/kafka_names.h.
 */
#ifndef NURTURE_IO_CONFIG_CONFIG_KAFKA_H
#define NURTURE_IO_CONFIG_CONFIG_KAFKA_H

#include "config.h"

/* What --help shows of them: those that most people need.  Their offsets mean nothing. */
extern const struct setting config_kafka_settings[];

/* For all clients of this process from now on.  ERR_CONFIG names the setting, or FILE:LINE. */
int config_kafka(struct err *err);

#endif
