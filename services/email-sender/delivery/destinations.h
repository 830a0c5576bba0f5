/*
 * destinations.h - the mails that wait for a connection, by destination.
 *
 * Each destination has a queue of its own, and destinations take turns: one that must wait, or
 * has thousands of mails, does not delay the others.  A destination is made when its first mail
 * comes, and freed when it has neither mails nor feedback to remember.  The pool holds the lock
 * and reads the clock.  Pure but for memory.
 */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_DESTINATIONS_H
#define NURTURE_EMAIL_SENDER_DELIVERY_DESTINATIONS_H

#include <sys/queue.h>

#include "delivery.h"
#include "destination.h"
#include "nurture/v1/delivery.pb-c.h"
#include "common/base/buf.h"

struct send_counters;

/* A mail on its way: the effect, and later what came of it. */
struct send_job {
	struct send_job *next;
	struct send_destination *destination;
	int32_t partition;
	uint32_t attempt;
	uint64_t owner;
	char id[65];
	struct buf result; /* packed DeliveryResult */
	size_t customer_len, effect_len;
	const char *domain; /* behind them, NUL-terminated; "" when the address is none */
	uint8_t bytes[];    /* customer, effect */
};

struct send_queue {
	struct send_job *first, **last;
};
void send_queue_push(struct send_queue *queue, struct send_job *job);
struct send_job *send_queue_pop(struct send_queue *queue);

struct send_destination {
	TAILQ_ENTRY(send_destination) waiting; /* when it has mails */
	struct send_destination *next;         /* in its bucket */
	const struct delivery_rule *rule;
	struct send_counters *counters; /* the pool's (counts.h); NULL until somebody sets it */
	struct destination state;
	struct send_queue jobs;
	unsigned job_count;
	int64_t not_before_ms;      /* its rate allows none before */
	const char *not_before_why; /* "rate", "warm_up" */
	int64_t reserved_until_ms;  /* mails that were handed back come again up to here */
	struct rate_state local;    /* while Redis does not answer */
	char name[];                /* its rule's, or the domain */
};

enum { DESTINATION_BUCKETS = 256 };

struct send_destinations {
	const struct delivery *delivery;
	unsigned worker_limit;
	bool never_waits;         /* event time: nothing is held back, since no time goes by */
	struct destination relay; /* of all, when there is one server for all */
	struct send_destination *buckets[DESTINATION_BUCKETS];
	unsigned count;
	unsigned job_count; /* in all of them */
	TAILQ_HEAD(send_destination_list, send_destination) waiting;
};

void send_destinations_open(struct send_destinations *destinations, const struct delivery *delivery,
			    unsigned worker_limit, bool never_waits);
void send_destinations_close(struct send_destinations *destinations); /* no jobs may be left */

/* The destination of a domain; NULL where there is none. */
struct send_destination *send_destinations_known(const struct send_destinations *destinations,
						 const char *domain);
/* The same; a new one where there is none. */
struct send_destination *send_destinations_find(struct send_destinations *destinations,
						const char *domain, int64_t now_ms);

/* Why a mail does not wait in the pool but goes back to the loop, and for how long. */
struct send_deferral {
	/* "rate", "warm_up", "slowed", "blocked", "busy"; NULL: it may wait in the pool */
	const char *rule;
	int64_t wait_ms;
};
/* Must one more mail for this destination be deferred? wall_us: the wall clock, for days. */
struct send_deferral send_destinations_defer(struct send_destinations *destinations,
					     struct send_destination *destination, int64_t now_ms,
					     int64_t wall_us);

/* Behind the others of job->destination. */
void send_destinations_push(struct send_destinations *destinations, struct send_job *job);
/* Before them: it was taken, and could not begin. */
void send_destinations_put_back(struct send_destinations *destinations, struct send_job *job);
/*
 * The next mail that may begin, which then counts as active; or NULL, and no
 * sooner than *ret_until_ms (NEVER_MS: when one ends) there will be one.
 * first: a destination that is asked before the others, or NULL.
 */
struct send_job *send_destinations_pick(struct send_destinations *destinations,
					struct send_destination *first, int64_t now_ms,
					int64_t *ret_until_ms);
/*
 * A mail has ended with that feedback.  Returns 1 when a circuit opened, -1 when one closed,
 * or 0; *ret_is_relay says whether it is the relay's circuit.
 */
int send_destinations_end(struct send_destinations *destinations,
			  struct send_destination *destination, enum destination_feedback feedback,
			  bool is_about_relay, int64_t now_ms, bool *ret_is_relay);

/* Takes the mails of this id and attempt out of the queue; id NULL: all; destination NULL: of
 * all. */
void send_destinations_take(struct send_destinations *destinations,
			    struct send_destination *destination, const char *id, uint32_t attempt,
			    struct send_queue *ret);

#endif
