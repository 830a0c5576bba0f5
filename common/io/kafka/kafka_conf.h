/* kafka_conf.h - how clients of librdkafka are set up: every one of ours is made here. */
#ifndef NURTURE_IO_KAFKA_KAFKA_CONF_H
#define NURTURE_IO_KAFKA_KAFKA_CONF_H

#include <librdkafka/rdkafka.h>

#include "common/base/err.h"

/*
 * With these settings, name and value in turn, up to one without a name, and then with the user's
 * own (kafka_settings.h).  NULL and ERR_CONFIG when librdkafka does not take one.
 */
rd_kafka_conf_t *kafka_conf(rd_kafka_type_t type, const char *const settings[][2], struct err *err);
/* A client of these; takes conf over.  NULL and ERR_CONFIG when librdkafka makes none. */
rd_kafka_t *kafka_client(rd_kafka_type_t type, rd_kafka_conf_t *conf, struct err *err);

/*
 * For the log: the library's own lines as ours; it logs from threads of its own.  A connection that
 * fails for a reason that a setting mends is said once, in words, as kafka_connection_failed.
 */
void kafka_log(const rd_kafka_t *client, int level, const char *facility, const char *text);
/* Only the last of these. */
void kafka_log_connections(const rd_kafka_t *client, int level, const char *facility,
			   const char *text);
/* Where what matters comes back as a failure: says nothing, and keeps it for kafka_explain(). */
void kafka_log_nothing(const rd_kafka_t *client, int level, const char *facility, const char *text);

#endif
