/*
 * permits_internal.h - what the permits*.c files share.
 *
 * Threads: those of the HTTP server ask, the producer's brings
 * acknowledgements, and the listener brings answers and says when it is too
 * late for one.
 */
#ifndef NURTURE_INGEST_PERMITS_PERMITS_INTERNAL_H
#define NURTURE_INGEST_PERMITS_PERMITS_INTERNAL_H

#include <pthread.h>

#include "common/io/kafka/producer.h"
#include "common/io/kafka/topic_tail.h"
#include "pending_permit.h"
#include "permits.h"
#include "services/ingest/arena_pool.h"

enum { PERMITS_WAITING_MAX = 10000, PERMITS_TOPIC_BYTES = 250 };
enum { PERMITS_ANSWERS, PERMITS_DEAD };

struct ing_permits {
	struct ing_permits_options options;
	struct producer *producer;
	char requests[PERMITS_TOPIC_BYTES], answers[PERMITS_TOPIC_BYTES], dead[PERMITS_TOPIC_BYTES];
	const char *heard[3]; /* answers, dead letters; for the tail */
	struct ing_arena_pool arena_pool;
	_Atomic int64_t in_flight;

	_Atomic bool stop;
	bool has_listener;
	pthread_t listener;
	struct topic_tail *tail; /* of the listener, as arena */
	struct arena arena;

	pthread_mutex_t lock;
	struct ing_pending_permits pending_permits; /* lock, as both below */
	bool hears;
	char why[512]; /* it does not hear */
};

/* permits_end.c: each takes over the caller's reference, and gives the one answer. */
void ing_permit_answer(struct ing_pending_permit *pending, enum ing_permit_end end,
		       struct slice body);
void ing_permit_invalid(struct ing_pending_permit *pending, const char *why);
void ing_permit_late(struct ing_pending_permit *pending);
/* For producer_options. */
void ing_permit_on_ack(void *pending, const char *failure);
/* Answers a request before there is a pending permit for it. */
void ing_permit_refuse_body(struct http_request *request, const char *why);

/* permits_listen.c */
int ing_permits_hear_first(struct ing_permits *permits, struct err *err);
void *ing_permits_listen(void *permits);

#endif
