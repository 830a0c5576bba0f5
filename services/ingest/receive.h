/*
 * receive.h - POST /v1/events: from a request to records in Kafka and back.
 *
 * A request is answered when Kafka has acknowledged every record that came of
 * it, or has failed to.  Until then it is counted as in flight.
 */
#ifndef NURTURE_INGEST_RECEIVE_H
#define NURTURE_INGEST_RECEIVE_H

#include "common/base/err.h"
#include "common/io/http.h"
#include "common/io/producer.h"
#include "source.h"

struct ing_receiver;

struct ing_options {
	struct producer *producer; /* opened with ing_on_ack */
	const char *topic;         /* kept by reference, as sources */
	const struct ing_sources *sources;
	int64_t rate_per_second; /* per source; 0: no limit */
	int64_t in_flight_max;   /* events */
};

struct ing_receiver *ing_receiver_new(const struct ing_options *options);
/* Nothing may be in flight any more. */
void ing_receiver_free(struct ing_receiver *receiver);

/* For http_options: the context is the receiver. */
extern const struct http_route ing_routes[];
bool ing_ready(void *receiver, char *reason, size_t size);

/* For producer_options. */
void ing_on_ack(void *ticket, const char *failure);

/* From now on every new request gets 503, and ing_ready() says so. */
void ing_receiver_stop(struct ing_receiver *receiver);
int64_t ing_in_flight(const struct ing_receiver *receiver);

#endif
