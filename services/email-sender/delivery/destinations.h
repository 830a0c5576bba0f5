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
	bool was_refused;  /* the journal of attempts was not ours */
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
	TAILQ_ENTRY(send_destination) waiting; /* in the list of those that have mails */
	struct send_destination *next;         /* in its bucket */
	const struct delivery_rule *rule;
	struct send_counters *counters; /* the pool's (counts.h); NULL until somebody sets it */
	struct destination state;
	struct send_queue jobs;
	unsigned job_count;
	int64_t not_before_ms;      /* its rate allows none before */
	const char *not_before_why; /* "rate", "warm_up" */
	int64_t reserved_until_ms;  /* until then mails that were handed back come again */
	struct rate_state local;    /* counts while Redis does not answer */
	char name[];                /* the name of its rule, or the domain */
};

enum { DESTINATION_BUCKETS = 256 };

struct send_destinations {
	const struct delivery *delivery;
	unsigned worker_limit;
	bool never_waits;         /* event time: nothing is held back, since no time goes by */
	struct destination relay; /* feedback of the one server for all, if there is one */
	struct send_destination *buckets[DESTINATION_BUCKETS];
	unsigned count;
	unsigned job_count; /* in all of them */
	TAILQ_HEAD(send_destination_list, send_destination) waiting;
};

void send_destinations_open(struct send_destinations *destinations, const struct delivery *delivery,
			    unsigned worker_limit, bool never_waits);
void send_destinations_close(struct send_destinations *destinations); /* no jobs may be left */

/* Finds the destination of a domain; NULL when there is none. */
struct send_destination *send_destinations_known(const struct send_destinations *destinations,
						 const char *domain);
/* Finds the destination of a domain, and makes it when there is none. */
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

/* Puts the job behind the others of job->destination. */
void send_destinations_push(struct send_destinations *destinations, struct send_job *job);
/* Puts a job that was taken and could not begin before the others of job->destination. */
void send_destinations_put_back(struct send_destinations *destinations, struct send_job *job);
/*
 * Takes the next mail that may begin, which then counts as active.  NULL: there is none, and there
 * will be none before *ret_until_ms (NEVER_MS: before one ends).  first: a destination that is
 * asked before the others, or NULL.
 */
struct send_job *send_destinations_pick(struct send_destinations *destinations,
					struct send_destination *first, int64_t now_ms,
					int64_t *ret_until_ms);
/*
 * Notes that a mail has ended with that feedback.  Returns 1 when a circuit opened, -1 when one
 * closed, or 0; *ret_is_relay says whether it is the relay's circuit.
 */
int send_destinations_end(struct send_destinations *destinations,
			  struct send_destination *destination, enum destination_feedback feedback,
			  bool is_about_relay, int64_t now_ms, bool *ret_is_relay);

/*
 * Takes the mails of this id and attempt out of the destination's queue; id NULL: all mails;
 * destination NULL: out of all queues.
 */
void send_destinations_take(struct send_destinations *destinations,
			    struct send_destination *destination, const char *id, uint32_t attempt,
			    struct send_queue *ret);

#endif
