/* topic_client.h - the librdkafka client of what looks at topics and groups from outside; private
 * to common/io. */
#ifndef NURTURE_IO_KAFKA_TOPIC_CLIENT_H
#define NURTURE_IO_KAFKA_TOPIC_CLIENT_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/slice.h"

enum { TOPIC_ASK_MS = 15000 };

/*
 * A client that joins no group and commits nothing.  name is what brokers
 * show; group names whose committed offsets it may ask for.  brokers is kept by reference.  NULL
 * with err set; rd_kafka_destroy() it.
 */
rd_kafka_t *topic_client_open(const char *brokers, const char *name, const char *group,
			      struct err *err);
/* For reading many partitions to their ends: of each no more than 4 MiB wait in memory. */
rd_kafka_t *topic_client_open_bounded(const char *brokers, const char *name, const char *group,
				      struct err *err);
/*
 * One that sees what is written, also by transactions that are open or were
 * given up; a group's offsets as they are, without waiting for commits under way.
 */
rd_kafka_t *topic_client_open_all(const char *brokers, const char *name, const char *group,
				  struct err *err);
/* One with these settings, which are its own from then on, also when it is NULL with err set. */
rd_kafka_t *topic_client_of(rd_kafka_conf_t *conf, struct err *err);
/* Has the record neither key nor value, only the header of a tick (base/tick.h)? */
bool topic_client_is_tick(const rd_kafka_message_t *message);
/* The last header of this name; .bytes NULL: there is none, or no message. */
struct slice topic_client_header(const rd_kafka_message_t *message, const char *name);
struct topic_shape {
	int32_t partitions, copies; /* copies of the first partition; 0: there is no such topic */
	int32_t brokers;            /* that are there at the moment */
};
int topic_client_shape(rd_kafka_t *client, const char *topic, struct topic_shape *ret,
		       struct err *err);
/* 0 when there is no such topic. */
int topic_client_partitions(rd_kafka_t *client, const char *topic, int32_t *ret, struct err *err);
/*
 * The same within wait_ms, and it is an error when there is none.  operation: what will be done with
 * it, "Read" or "Describe": the right that is named when the broker does not show it.
 */
int topic_client_expect(rd_kafka_t *client, const char *topic, const char *operation, int wait_ms,
			int32_t *ret, struct err *err);

/*
 * rd_kafka_metadata() of one topic, which waits no longer when the login or a certificate is
 * refused.
 */
rd_kafka_resp_err_t topic_client_metadata(rd_kafka_t *client, rd_kafka_topic_t *topic,
					  const struct rd_kafka_metadata **ret, int wait_ms);
/*
 * The same by name, for a client of topic_client_open(): what the brokers say of it is *ret, which
 * the caller destroys, and *ret_code what is wrong with the topic alone.  -1: no broker answers.
 */
int topic_client_ask(rd_kafka_t *client, const char *topic, int wait_ms,
		     const struct rd_kafka_metadata **ret, rd_kafka_resp_err_t *ret_code,
		     struct err *err);

#endif
