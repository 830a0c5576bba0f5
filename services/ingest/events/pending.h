/*
 * pending.h - one request whose events are on their way to Kafka.
 *
 * Whoever brings the last acknowledgement gives the answer (http_waiting.h).
 * Failures of the sending thread and of the acknowledging thread are kept
 * apart, so neither needs a lock.
 */
#ifndef NURTURE_INGEST_EVENTS_PENDING_H
#define NURTURE_INGEST_EVENTS_PENDING_H

#include "batch.h"
#include "common/io/http/http_waiting.h"

struct ing_pending;

/* What the acknowledgement of a record gives back: which event of which request. */
struct ing_ticket {
	struct ing_pending *pending;
	size_t index;
};

struct ing_pending {
	struct http_waiting waiting; /* first: it is what comes back */
	void *owner;                 /* the receiver */
	size_t source;
	int64_t begun_ms;
	int64_t sent_count; /* of those that count as in flight */
	bool is_array;
	size_t count;
	struct ing_result *results;
	struct ing_ticket *tickets;
	char refusal[200]; /* the first failure to send */
	char failure[200]; /* the first failure to be acknowledged */
};

/* Copies what the answer will need of the batch; it does not wait yet. */
struct ing_pending *ing_pending_new(const struct ing_batch *batch);
void ing_pending_free(struct ing_pending *pending);
/* The event failed; the first reason stays in reason. */
void ing_pending_fail(struct ing_pending *pending, size_t index, char reason[200], const char *why);

#endif
