/*
 * destinations.h - the mails that wait for a connection, by domain.
 *
 * Each lane has a queue of its own, and lanes take turns: a domain that must
 * wait, or has thousands of mails, stands in nobody's way.  Lanes are made
 * when a mail comes and forgotten when they have nothing to say any more.
 * No lock, no clock: the pool's.  Pure but for memory.
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
	struct send_lane *lane;
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

struct send_lane {
	TAILQ_ENTRY(send_lane) waiting; /* when it has mails */
	struct send_lane *next;         /* in its bucket */
	const struct delivery_rule *rule;
	struct send_counters *counters; /* the pool's (counts.h); NULL until somebody sets it */
	struct lane state;
	struct send_queue jobs;
	unsigned job_count;
	int64_t not_before_ms;      /* its rate allows none before */
	const char *not_before_why; /* "rate", "warm_up" */
	int64_t booked_until_ms;    /* mails that were handed back have their turns up to here */
	struct rate_state local;    /* while Redis does not answer */
	char name[];                /* its rule's, or the domain */
};

enum { LANE_BUCKETS = 256 };

struct send_lanes {
	const struct delivery *delivery;
	unsigned worker_limit;
	bool never_waits;  /* event time: nothing is held back, since no time goes by */
	struct lane relay; /* all lanes' way, when there is one server for all */
	struct send_lane *buckets[LANE_BUCKETS];
	unsigned lane_count;
	unsigned job_count; /* in all of them */
	TAILQ_HEAD(send_lane_list, send_lane) waiting;
};

void send_lanes_open(struct send_lanes *lanes, const struct delivery *delivery,
		     unsigned worker_limit, bool never_waits);
void send_lanes_close(struct send_lanes *lanes); /* no jobs may be left */

/* The lane of a domain; a new one where there is none. */
struct send_lane *send_lanes_known(const struct send_lanes *lanes,
				   const char *domain); /* or NULL */
struct send_lane *send_lanes_find(struct send_lanes *lanes, const char *domain, int64_t now_ms);

/* Why a mail does not wait here but goes back to where it came from, and how long. */
struct send_hold {
	/* "rate", "warm_up", "slowed", "blocked", "busy"; NULL: it may wait here */
	const char *rule;
	int64_t wait_ms;
};
/* Of one more mail for this lane. now_us: the wall clock, for days. */
struct send_hold send_lanes_hold(struct send_lanes *lanes, struct send_lane *lane, int64_t now_ms,
				 int64_t wall_us);

/* Behind the others of job->lane. */
void send_lanes_push(struct send_lanes *lanes, struct send_job *job);
/* Before them: it was taken, and could not begin. */
void send_lanes_put_back(struct send_lanes *lanes, struct send_job *job);
/*
 * The next mail that may begin, which then counts as active; or NULL, and no
 * sooner than *ret_until_ms (NEVER_MS: when one ends) there will be one.
 * first: a lane that is asked before the others, or NULL.
 */
struct send_job *send_lanes_pick(struct send_lanes *lanes, struct send_lane *first, int64_t now_ms,
				 int64_t *ret_until_ms);
/* It has ended. Whether a circuit opened (1) or closed (-1); *ret_is_relay: that of all. */
int send_lanes_end(struct send_lanes *lanes, struct send_lane *lane, enum lane_news news,
		   bool is_about_relay, int64_t now_ms, bool *ret_is_relay);

/* Takes out those of this id and attempt; lane NULL: all, whatever their ids. */
void send_lanes_take(struct send_lanes *lanes, struct send_lane *lane, const char *id,
		     uint32_t attempt, struct send_queue *ret);

#endif
