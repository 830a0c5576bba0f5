/*
 * permits.h - POST /v1/permits: another tool asks "may I?", and reports what came of it.
 *
 * A question becomes a request of channel external on nurture.requests, and
 * is answered with what the arbiter says on nurture.answers, or, when it could
 * not understand it, with what stands on nurture.deadletter.  Every instance
 * hears all answers, so it does not matter which one was asked.  Nothing here
 * is needed for events: while answers cannot be heard, permits get 503.
 */
#ifndef NURTURE_INGEST_PERMITS_PERMITS_H
#define NURTURE_INGEST_PERMITS_PERMITS_H

#include "common/base/err.h"
#include "common/io/http/http.h"
#include "services/ingest/admission.h"

struct ing_permits;

struct ing_permits_options {
	const char *brokers, *topic_prefix; /* kept by reference, as admission */
	struct ing_admission *admission;
	int64_t timeout_ms; /* of an answer */
	int64_t delivery_timeout_ms;
	bool wait; /* until answers are heard, when Kafka is there */
};

int ing_permits_open(struct ing_permits **ret, const struct ing_permits_options *options,
		     struct err *err);
/* Answers all questions that still wait. NULL-safe, sets NULL. */
void ing_permits_close(struct ing_permits **permits);

/* Refuses what the headers alone forbid, before a body is read. */
void ing_permits_admit(struct ing_permits *permits, struct http_request *request);
void ing_permits_ask(struct ing_permits *permits, struct http_request *request);
/* ID/confirm and ID/release */
void ing_permits_report(struct ing_permits *permits, struct http_request *request);

int64_t ing_permits_in_flight(const struct ing_permits *permits);
/* Returns -1 when no question can be asked any more: the service ends with exit code 111. */
int ing_permits_check(struct ing_permits *permits, struct err *err);

#endif
