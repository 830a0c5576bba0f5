/*
 * pool.h - threads that send mails to the server, one connection each.
 *
 * Domains take turns, within the limits of each (delivery.h).  A mail whose
 * domain has to wait for long does not stay here: it comes back as not_sent,
 * and its result says how long it has to wait.
 *
 * Only the loop's thread calls put() and take(); neither waits.
 * Every effect that was put comes back exactly once as a result.
 */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_POOL_H
#define NURTURE_EMAIL_SENDER_DELIVERY_POOL_H

#include "common/io/redis/attempt_notes.h"
#include "common/io/smtp/mx.h"
#include "common/io/smtp/smtp.h"
#include "services/email-sender/compose/compose.h"
#include "delivery.h"

struct send_pool;

struct send_pool_options {
	struct smtp_options smtp;
	struct composer composer;        /* what it points to must outlive the pool */
	const struct dkim_keys *dkim;    /* NULL: mails are not signed; only read at opening */
	unsigned connections;            /* 1 to 256; 0: 8 */
	const struct delivery *delivery; /* limits by domain; NULL: what holds without a file */
	struct mx_options mx;            /* with the URL mx: */
	bool is_event_time;              /* the clock stands still: no rate or pause holds a mail */
	struct attempt_notes *notes;     /* into the journal of attempts; NULL: none is kept */
	const char *rate_urls; /* Redis servers of shared rates; NULL: this instance has its own */
	const char *rate_prefix; /* of their keys */
};

struct send_pool_result {
	int32_t partition;
	struct slice customer;
	struct slice value; /* packed DeliveryResult, for a step of kind RESULT */
	const char *send;   /* with attempt, what the journal knows the mail by */
	uint32_t attempt;
	bool was_refused; /* it has not begun, since the journal of attempts was not ours */
};

/* Starts the threads; they connect when there is something to send. */
int send_pool_open(struct send_pool **ret, const struct send_pool_options *options,
		   struct err *err);
/* Puts a copy of an effect, which a step emitted to STEP_EFFECT; -1 when it is none. */
int send_pool_put(struct send_pool *pool, int32_t partition, struct slice customer,
		  struct slice effect, struct err *err);
/* Takes a finished result, valid until the next take or close; false: there is none yet. */
bool send_pool_take(struct send_pool *pool, struct send_pool_result *ret);
/* Returns how many mails were put and not yet taken back. */
size_t send_pool_in_flight(const struct send_pool *pool);
/* Returns how many of these no thread has ended with yet. */
size_t send_pool_unfinished(struct send_pool *pool);
/* Returns how many connections there may be at the same time. */
unsigned send_pool_connections(const struct send_pool *pool);
/*
 * Waits until there are so many to take or the time is up: 1 when there is something then, or 0.
 * Each wake-up costs as much as a mail's dialogue does, so ask for as many as are of use.
 */
int send_pool_wait(struct send_pool *pool, size_t count, int timeout_ms);

/*
 * Begins no mail any more.  What had not reached MAIL comes back as not_sent at once; the others
 * have drain_ms to end by themselves, and are then cut off (in doubt, if their dot was written).
 * Returns when the threads have ended; take() gives what is left.
 */
void send_pool_stop(struct send_pool *pool, int64_t drain_ms);
/* Stops with no drain if need be, frees. NULL-safe, sets NULL. */
void send_pool_close(struct send_pool **pool);

#endif
