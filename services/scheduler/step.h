/*
 * step.h - the arbiter: may this person hear this now?
 *
 * Pure.  One state per customer holds what was granted and what waits, so a
 * decision sees everything at once: all caps, quiet hours, consent, and what
 * a message of higher priority will need later.  A request only enters the
 * ledger when it arrives; the timer of its instant decides, so what arrives
 * together is weighed together.  Every request ends in exactly one grant or
 * one terminal outcome; every deferral says which rule, and until when.
 */
#ifndef NURTURE_SCHEDULER_STEP_H
#define NURTURE_SCHEDULER_STEP_H

#include "common/policy/policy.h"
#include "common/stream/step.h"
#include "common/token/coupon_pool.h"
#include "common/message/outcome.h"

struct scheduler {
	const struct policy *policy;
	int64_t settle_ms; /* between a request and its decision; 0 in event time */
	enum outcome_format format;
	/* What mails must hear is told by the customer's id as well: a version before sent them so. */
	bool tells_by_id;
	bool takes_over;         /* merged customers hand their ledgers over: by the wall clock */
	struct slice coupon_key; /* signs codes; empty when the policy has no signed source */
	/* Parallel to the policy's coupons. NULL, in a simulation: pools have no end. */
	const struct coupon_pool *pools;
};

/* The code that a simulation draws from a pool: the real one depends on who else drew before. */
#define SCHED_ANY_CODE "(code)"

/* Inputs: packed RequestRecords, and Handovers of nurture.contact-handovers. */
enum { SCHED_REQUESTS, SCHED_ASKS, SCHED_HANDED };
/* Outputs. */
enum { SCHED_DISPATCH, SCHED_TASKS, SCHED_OUTCOMES, SCHED_ANSWERS, SCHED_HANDOVERS };

/*
 * context is a struct scheduler.  After a TIMER the next due time is later
 * than now.  A state that cannot be read is ERR_ENVIRONMENT, whatever the
 * kind of the step: to go on would be to forget what was granted.  A file of
 * codes that is not the one that was drawn from is ERR_CONFIG.  The shared
 * state is what a partition has drawn (common/token/coupon_draws.h).
 */
int sched_step(struct step *step, struct err *err);

#endif
