/*
 * topic_ends.h - where topics ended, to see when one ends before that.
 *
 * Offsets of a topic only grow: one that ends earlier than it did is another
 * one, of the same name.  A topic's id would say it at once, but librdkafka
 * tells it from 2.3 on only.
 */
#ifndef NURTURE_IO_KAFKA_TOPIC_ENDS_H
#define NURTURE_IO_KAFKA_TOPIC_ENDS_H

#include <librdkafka/rdkafka.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct topic_ends;

/* Copies the names. state: of topic_made_anew(); may be NULL. */
struct topic_ends *topic_ends_open(const char *const *topics, size_t count, int32_t partitions,
				   const char *state);
void topic_ends_close(struct topic_ends *ends);

/*
 * Asks where they end: one question for all partitions of a broker.  -1 as
 * topic_made_anew() says it when one has ended earlier for several looks in a
 * row; once is nothing, as a leader that has just taken over may not know of
 * the newest records yet.  Brokers that do not answer are no news.
 */
int topic_ends_look(struct topic_ends *ends, rd_kafka_t *client, struct err *err);

/* The same for one answer; end -1 stands for none. */
int topic_ends_note(struct topic_ends *ends, size_t topic, int32_t partition, int64_t end,
		    struct err *err);

#endif
