/*
 * producer.h - an idempotent Kafka producer whose caller learns of every ack.
 *
 * For what enters the system from outside (ingest, the feedback page,
 * nurturectl replay).  Stateful services produce through common/stream.
 * Partitions follow murmur2 of the key, as everywhere.
 */
#ifndef NURTURE_IO_KAFKA_PRODUCER_H
#define NURTURE_IO_KAFKA_PRODUCER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/message/record_kind.h"

struct producer;

/* Runs on the producer's own thread: opaque as given; failure is NULL when acknowledged. */
typedef void (*producer_acked)(void *opaque, const char *failure);

struct producer_options {
	const char *brokers;
	const char *client_id;
	/*
	 * The topic, if it writes to one alone; else NULL.  Who may write to none is not let in at
	 * all by the brokers, who then name no topic.  Outlives the producer.
	 */
	const char *topic;
	/*
	 * How long a record waits for others in any case. 0: not at all; under load records
	 * still go together, those that come while the brokers work on the ones before.
	 */
	int64_t linger_ms;
	int64_t delivery_timeout_ms; /* default 4000: then the ack says failure */
	producer_acked acked;        /* may be NULL: failures are then returned by producer_flush */
	/*
	 * Called on the producer's thread around each batch of acknowledgements, so that what they
	 * set off may be done together. May be NULL.
	 */
	void (*acks_begin)(void);
	void (*acks_end)(void);
};

int producer_open(struct producer **ret, const struct producer_options *options, struct err *err);
/*
 * key and value are copied.  1: queued (the ack comes later), 0: the queue is
 * full (try again, or say 503), -1: refused.  partition -1: by the key.  kind: what the value is.
 */
int producer_send(struct producer *producer, const char *topic, int32_t partition, struct slice key,
		  struct slice value, enum record_kind kind, void *opaque, struct err *err);
/* The same of a record that belongs to a trace (common/message/trace_context.h); NULL: to none. */
int producer_send_traced(struct producer *producer, const char *topic, int32_t partition,
			 struct slice key, struct slice value, enum record_kind kind,
			 const char *traceparent, void *opaque, struct err *err);
/*
 * The same of a record for the topic of dead letters (proto/README.md): with the headers that say
 * who refused it, and why.
 */
int producer_dead_letter(struct producer *producer, const char *topic, struct slice key,
			 struct slice value, const char *service, const char *reason, void *opaque,
			 struct err *err);
/*
 * A tick: "nothing earlier than time_ms will follow" on this partition.  Returns as above; a
 * failure shows in the flush.
 */
int producer_tick(struct producer *producer, const char *topic, int32_t partition, int64_t time_ms,
		  struct err *err);
/* Waits until all is acknowledged; -1 when something was not. */
int producer_flush(struct producer *producer, int timeout_ms, struct err *err);
/* Number of partitions of a topic; -1 with a reason when it does not exist. */
int producer_partitions(struct producer *producer, const char *topic, int32_t *ret,
			struct err *err);
/* The same of a topic that is only read, by another client: so the missing ACL is that one. */
int producer_partitions_read(struct producer *producer, const char *topic, int32_t *ret,
			     struct err *err);
/*
 * 0 while brokers are reachable and have the topic, as far as the client knows; else -1 with the
 * reason.  Never waits (the brokers are asked every 2 s).
 */
int producer_topic_check(struct producer *producer, const char *topic, struct err *err);
/*
 * Whether records are taken all the same: true as well when only the number of partitions has
 * grown since the start, which the check above tells; keys then go where they went before.
 */
bool producer_takes(struct producer *producer, const char *topic, struct err *err);
/* -1 when nothing can be sent any more (the client library gave up): leave with 111. */
int producer_check(struct producer *producer, struct err *err);
/* Does not flush: what is under way fails.  NULL-safe, sets NULL. */
void producer_close(struct producer **producer);

#endif
