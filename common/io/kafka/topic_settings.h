/* topic_settings.h - whose clock stamps the records of a topic that is there; private to
 * common/io. */
#ifndef NURTURE_IO_KAFKA_TOPIC_SETTINGS_H
#define NURTURE_IO_KAFKA_TOPIC_SETTINGS_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

#include "common/base/err.h"

#define TOPIC_STAMP "message.timestamp.type"
#define TOPIC_STAMP_BROKER "LogAppendTime"

/*
 * Has the broker stamp the topic's records, if it does not yet; every other
 * setting stays.  *ret_changed: it did not.
 */
int topic_stamp(rd_kafka_t *client, const char *topic, bool *ret_changed, struct err *err);

#endif
