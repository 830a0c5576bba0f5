/*
 * kafka_settings.h - the user's own properties of librdkafka: how we connect and log in.
 *
 * They are collected once, at the start (common/io/config/config_kafka.c), and
 * given to every client that kafka_conf() makes.  What the guarantees stand on
 * is refused with a reason, what librdkafka does not take with its own words.
 * Not for threads before the first client is made.
 */
#ifndef NURTURE_IO_KAFKA_KAFKA_SETTINGS_H
#define NURTURE_IO_KAFKA_KAFKA_SETTINGS_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

#include "common/base/err.h"

/* Whether librdkafka, in the version that runs, has a property of this name. */
bool kafka_settings_is_known(const char *property);
/*
 * Adds one, or replaces it.  origin says where it was set ("KAFKA_SASL_USERNAME", "FILE:3") and
 * begins each message about it; all texts are copied.  ERR_CONFIG: it is refused, or no good.
 */
int kafka_settings_add(const char *origin, const char *property, const char *value,
		       struct err *err);
/*
 * Do they fit together, and can a client be made with them (certificates and keys are read)?
 * ERR_CONFIG names the setting that is missing or wrong.  Calls no broker.
 */
int kafka_settings_check(struct err *err);
/* As if nothing had been added. */
void kafka_settings_reset(void);

/* All of them for a client of this kind; what only producers have is not for consumers. */
int kafka_settings_apply(rd_kafka_conf_t *conf, rd_kafka_type_t type, struct err *err);
/* The value of one; NULL: not set. */
const char *kafka_settings_value(const char *property);
/* Where it was set, or the variable that sets it. */
const char *kafka_settings_origin(const char *property);

/* The most bytes of a message: KAFKA_MESSAGE_MAX_BYTES of a user, or what we take without it. */
int kafka_settings_message_max_bytes(void);

#endif
