/*
 * pending_permit.h - one request about a permit while Kafka and the arbiter have it.
 *
 * A report is over with Kafka's acknowledgement.  A question waits in the
 * table for the arbiter's answer as well; whoever takes it out of the table
 * gives the one answer.  The table is for one thread at a time.
 */
#ifndef NURTURE_INGEST_PERMITS_PENDING_PERMIT_H
#define NURTURE_INGEST_PERMITS_PENDING_PERMIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_request;
struct ing_permits;

struct ing_errand {
	struct ing_permits *owner;
	struct http_request *request;
	char *id, *name, *customer; /* the tool's id; as permit_name() has it */
	int64_t begun_ms, deadline_ms;
	bool is_question;
	_Atomic unsigned holders; /* the table, and whoever waits for the acknowledgement */
	/* of the table */
	bool waits;
	struct ing_errand *next_in_bucket;
	struct ing_errand *older, *newer;
};

/* Copies the texts; one holder. */
struct ing_errand *ing_errand_new(const char *id, const char *name, const char *customer);
/* True: that was the last holder, and it is gone. */
bool ing_errand_release(struct ing_errand *errand);

enum { ING_ERRAND_BUCKETS = 1024 };

/* A zeroed one is empty. */
struct ing_errands {
	struct ing_errand *buckets[ING_ERRAND_BUCKETS];
	struct ing_errand *oldest, *newest;
	size_t count;
};

/* Deadlines must not descend. The table is a holder, too. */
void ing_errands_enter(struct ing_errands *errands, struct ing_errand *errand);
/* True: it is out, and its holder passes to the caller.  False: somebody else has taken it. */
bool ing_errands_take(struct ing_errands *errands, struct ing_errand *errand);
/* One that waits for this name of this customer; NULL. */
struct ing_errand *ing_errands_find(const struct ing_errands *errands, const char *name,
				    const char *customer);

#endif
