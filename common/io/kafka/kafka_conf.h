/* kafka_conf.h - how clients of librdkafka are set up. */
#ifndef NURTURE_IO_KAFKA_KAFKA_CONF_H
#define NURTURE_IO_KAFKA_KAFKA_CONF_H

#include <librdkafka/rdkafka.h>

#include "common/base/err.h"

/*
 * With these settings, name and value in turn, up to one without a name.  NULL and ERR_CONFIG when
 * librdkafka does not take one.
 */
rd_kafka_conf_t *kafka_conf(const char *const settings[][2], struct err *err);
/* A client of these; takes conf over.  NULL and ERR_CONFIG when librdkafka makes none. */
rd_kafka_t *kafka_client(rd_kafka_type_t type, rd_kafka_conf_t *conf, struct err *err);

/* For the log: the library's own lines as ours; it logs from threads of its own. */
void kafka_log(const rd_kafka_t *client, int level, const char *facility, const char *text);
/* The same where what matters comes back as a failure: says nothing. */
void kafka_log_nothing(const rd_kafka_t *client, int level, const char *facility, const char *text);

#endif
