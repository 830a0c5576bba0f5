/*
 * decide.h - the parts of a decision, in the order in which they are asked.
 */
#ifndef NURTURE_SCHEDULER_DECIDE_H
#define NURTURE_SCHEDULER_DECIDE_H

#include "ledger.h"

/* decide.c: the decision of this instant over all candidates that are worth a look. */
void sched_decide(struct sched_work *work);
/* Does an open case hold it? */
bool sched_is_held(const struct sched_work *work, const struct sched_candidate *candidate);
/*
 * Nothing but the outcome is missing to grant it now; else *ret says what
 * holds it, but for who won against it: that is asked when the reason is told.
 */
bool sched_is_free(struct sched_work *work, const struct sched_candidate *candidate,
		   struct sched_reason *ret);

/* fate.c: must it end at that time, whatever the caps say? */
struct sched_fate {
	enum status status;
	struct sched_reason reason;
};
bool sched_must_end(struct sched_work *work, const struct sched_candidate *candidate,
		    int64_t at_ms, struct sched_fate *ret);
/* The explicit word on the class, else on "all", else no. */
bool sched_consents(const Nurture__V1__Contact *contact, const struct message_class *class);

/* limits.c: caps and quiet hours together. */
bool sched_limits_allow(struct sched_work *work, const struct sched_candidate *candidate,
			struct sched_reason *ret);
/* The first instant from from_ms on at which both allow it; NEVER_MS. */
int64_t sched_earliest(struct sched_work *work, const struct sched_candidate *candidate,
		       int64_t from_ms);
/* The newest send that the cap counts against the candidate: the request that went first, or "". */
const char *sched_winner(const struct sched_work *work, const struct sched_candidate *candidate,
			 const struct cap *cap);

/* lookahead.c: is its allowance kept for one of higher priority that comes later? */
bool sched_is_reserved(struct sched_work *work, const struct sched_candidate *candidate,
		       struct sched_reason *ret);

/* grant.c */
void sched_grant(struct sched_work *work, struct sched_candidate *candidate);
/* A ledger entry, without anything else. */
void sched_count(struct sched_work *work, struct ledger_send counted, struct sched_send send);

/* defer.c */
void sched_defer(struct sched_work *work, struct sched_candidate *candidate,
		 struct sched_reason reason);
/* It can never be granted before it expires. */
bool sched_is_hopeless(const struct sched_candidate *candidate, const struct sched_reason *reason);
/* Looks again, now, at what this held up: won_by of the reason, or all when NULL. */
void sched_wake(struct sched_work *work, enum sched_blocker blocker, const char *won_by);

/* end.c: the one terminal outcome. */
void sched_end(struct sched_work *work, struct sched_candidate *candidate, enum status status,
	       struct sched_reason reason);
/* Displaced when it lost against another one, else expired. */
void sched_end_late(struct sched_work *work, struct sched_candidate *candidate,
		    struct sched_reason reason);
/* An outcome; step is "end" or "deferred:N"; reason may be NULL. */
void sched_put_outcome(struct sched_work *work, const struct sched_candidate *candidate,
		       enum status status, const struct sched_reason *reason, const char *step);

#endif
