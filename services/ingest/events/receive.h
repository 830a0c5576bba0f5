/*
 * receive.h - POST /v1/events and /v1/feedback: from a request to records in Kafka and back.
 *
 * A request is answered when Kafka has acknowledged every record that came of
 * it, or has failed to.  Until then it is counted as in flight.
 */
#ifndef NURTURE_INGEST_EVENTS_RECEIVE_H
#define NURTURE_INGEST_EVENTS_RECEIVE_H

#include "common/base/err.h"
#include "common/io/http/http.h"
#include "common/io/kafka/producer.h"
#include "services/ingest/admission.h"
#include "services/ingest/catalogue/catalogue_file.h"

struct ing_receiver;

struct ing_options {
	struct producer *producer; /* opened with ing_on_ack */
	const char *topic;         /* kept by reference */
	struct ing_admission *admission;
	int64_t in_flight_max;            /* events */
	struct catalogue_file *catalogue; /* by reference; NULL: there is none */
};

struct ing_receiver *ing_receiver_new(const struct ing_options *options);
/* Nothing may be in flight any more. */
void ing_receiver_free(struct ing_receiver *receiver);

/* Decides what the headers alone decide, before a body is read. */
void ing_events_admit(struct ing_receiver *receiver, struct http_request *request);
void ing_events_receive(struct ing_receiver *receiver, struct http_request *request);
bool ing_receiver_ready(struct ing_receiver *receiver, char *reason, size_t size);
/*
 * Whether the topic has more partitions than when this instance was started, and why that matters:
 * events are taken all the same, and go where they went before.  Keeps the gauge that says so.
 */
bool ing_receiver_has_old_count(struct ing_receiver *receiver, struct err *why);

/* For producer_options. */
void ing_on_ack(void *ticket, const char *failure);

int64_t ing_in_flight(const struct ing_receiver *receiver);

#endif
