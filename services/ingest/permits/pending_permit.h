/*
 * pending_permit.h - a request about a permit that waits for Kafka or the arbiter.
 *
 * A report waits for Kafka's acknowledgement.  A question also waits in the table for the
 * arbiter's answer; the thread that takes it out of the table gives the one answer.  Only
 * one thread at a time may use the table.
 */
#ifndef NURTURE_INGEST_PERMITS_PENDING_PERMIT_H
#define NURTURE_INGEST_PERMITS_PENDING_PERMIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_request;
struct ing_permits;

struct ing_pending_permit {
	struct ing_permits *owner;
	struct http_request *request;
	char *id, *name, *customer; /* the tool's id; as permit_name() has it */
	int64_t begun_ms, deadline_ms;
	bool is_question;
	_Atomic unsigned references; /* of the table, and of the acknowledgement */
	/* of the table */
	bool waits;
	struct ing_pending_permit *next_in_bucket;
	struct ing_pending_permit *older, *newer;
};

/* A new one, with copies of the texts and one reference, the caller's. */
struct ing_pending_permit *ing_pending_permit_new(const char *id, const char *name,
						  const char *customer);
/* Drops a reference.  Returns true when it was the last, and pending is freed. */
bool ing_pending_permit_release(struct ing_pending_permit *pending);

enum { ING_PENDING_PERMIT_BUCKETS = 1024 };

/* The table of questions; a zeroed one is empty. */
struct ing_pending_permits {
	struct ing_pending_permit *buckets[ING_PENDING_PERMIT_BUCKETS];
	struct ing_pending_permit *oldest, *newest;
	size_t count;
};

/* Enters a question, and takes a reference for the table. Deadlines must not descend. */
void ing_pending_permits_enter(struct ing_pending_permits *table,
			       struct ing_pending_permit *pending);
/* Takes a question out: its reference is the caller's.  False when another thread had taken it. */
bool ing_pending_permits_take(struct ing_pending_permits *table,
			      struct ing_pending_permit *pending);
/* A question of this name and customer; NULL when none waits. */
struct ing_pending_permit *ing_pending_permits_find(const struct ing_pending_permits *table,
						    const char *name, const char *customer);

#endif
