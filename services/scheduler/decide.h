/*
 * decide.h - the parts of a decision, in the order in which they are asked.
 */
#ifndef NURTURE_SCHEDULER_DECIDE_H
#define NURTURE_SCHEDULER_DECIDE_H

#include "ledger.h"
#include "explain.h"

/* decide.c: the decision of this instant over all candidates that are worth a look. */
void sched_decide(struct sched_work *work);
/* What holds it that is no rule: an open case, or a pause that the person asked for. */
enum sched_blocker sched_held_by(const struct sched_work *work,
				 const struct sched_candidate *candidate);
struct sched_reason sched_hold_reason(struct sched_work *work,
				      const struct sched_candidate *candidate,
				      enum sched_blocker by);
/*
 * Nothing but the outcome is missing to grant it now; else *ret says what
 * holds it, but for who won against it: that is asked when the reason is told.
 */
bool sched_is_free(struct sched_work *work, const struct sched_candidate *candidate,
		   struct sched_reason *ret);

/* verdict.c: must it end at that time, whatever the caps say? */
struct sched_verdict {
	enum status status;
	struct sched_reason reason;
};
bool sched_must_end(struct sched_work *work, const struct sched_candidate *candidate, int64_t at_ms,
		    struct sched_verdict *ret);
/* Was the person forgotten, and this set off before that? */
bool sched_is_erased(const Nurture__V1__Contact *contact, const Nurture__V1__Request *request);

/* limits.c: caps, nights and send windows together. */
bool sched_limits_allow(struct sched_work *work, const struct sched_candidate *candidate,
			struct sched_reason *ret);
/* The local times that a mail must go out at, of a best hour too; all 0: any. */
struct send_window sched_window(const struct sched_work *work,
				const struct sched_candidate *candidate);
/* Is it inside its send window now? */
bool sched_window_is_open(struct sched_work *work, const struct sched_candidate *candidate);
/* The first instant from from_ms on at which all allow it; NEVER_MS. */
int64_t sched_earliest(struct sched_work *work, const struct sched_candidate *candidate,
		       int64_t from_ms);
/* The newest send that the cap counts: the request that went first, or "". */
const char *sched_winner(const struct sched_work *work, const struct cap *cap);

/* lookahead.c: is its allowance kept for one of higher priority that comes later? */
bool sched_is_reserved(struct sched_work *work, const struct sched_candidate *candidate,
		       struct sched_reason *ret);

/*
 * grant.c: into the ledger and out, with what rides along.  False: it had to
 * end instead, since nothing is left to be drawn for it.
 */
bool sched_grant(struct sched_work *work, struct sched_candidate *candidate);
/* The ledger's entry for it, sent at at_ms in a mail of its own. */
struct ledger_send sched_entry(const struct sched_candidate *candidate, int64_t at_ms);
/* Counts it as asked for, and takes it from those that wait. */
void sched_take(struct sched_work *work, struct sched_candidate *candidate, bool merged);

/* parts.c: what goes out in the lead's mail, in order; counted already. */
enum { SCHED_PARTS_MAX = 8 };
struct sched_part {
	struct sched_candidate *candidate;
	const char *coupon;
	struct sched_seen seen;
};
struct sched_parts {
	size_t count;
	struct sched_part items[SCHED_PARTS_MAX];
};
/* Not in any order: those that may ride, as far as no rule is asked. NULL for none. */
struct sched_candidate **sched_find_riders(struct sched_work *work,
					   const struct sched_candidate *lead, size_t *ret_count);
void sched_add_parts(struct sched_work *work, struct sched_candidate **found, size_t count,
		     struct sched_parts *ret);

/* dispatch.c */
void sched_dispatch(struct sched_work *work, const struct sched_candidate *candidate,
		    const char *coupon, const struct sched_seen *seen,
		    const struct sched_parts *parts);

/* tasks.c: a human is to do it. */
void sched_create_task(struct sched_work *work, const struct sched_candidate *candidate,
		       const char *coupon);

/*
 * coupon.c: the code for this request, "" when it asks for none.  NULL: its
 * source has none (left); *ret says so.
 */
const char *sched_draw_coupon(struct sched_work *work, const struct sched_candidate *candidate,
			      struct sched_reason *ret);
/* A ledger entry, without anything else. */
void sched_count(struct sched_work *work, struct ledger_send counted, struct sched_send send);

/* defer.c */
void sched_defer(struct sched_work *work, struct sched_candidate *candidate,
		 struct sched_reason reason);
/* It can never be granted before it expires. */
bool sched_is_hopeless(const struct sched_work *work, const struct sched_candidate *candidate,
		       const struct sched_reason *reason);
/* Looks again, now, at what this held up: won_by of the reason, or all when NULL. */
void sched_wake(struct sched_work *work, enum sched_blocker blocker, const char *won_by);
/* And what anything holds up: the rules are other ones. */
void sched_wake_all(struct sched_work *work);

/* end.c: the one terminal outcome. */
void sched_end(struct sched_work *work, struct sched_candidate *candidate, enum status status,
	       struct sched_reason reason);
/* Displaced when it lost against another one, else expired. */
void sched_end_late(struct sched_work *work, struct sched_candidate *candidate,
		    struct sched_reason reason);
/* An outcome; step is "end" or "deferred:N"; reason may be NULL, seen too: no rule was asked. */
void sched_put_outcome(struct sched_work *work, const struct sched_candidate *candidate,
		       enum status status, const struct sched_reason *reason, const char *step,
		       const struct sched_seen *seen);
/*
 * answer.c: what another tool is told, each time that it asks.  outcome is the
 * newest of the request.
 */
void sched_answer(struct sched_work *work, const Nurture__V1__Outcome *outcome, int64_t lapses_ms);
/* The same again; -1 when it is not kept. */
int sched_answer_again(struct sched_work *work, const char *request, struct err *err);
/* The answer that is kept, if it is, from now on. */
void sched_answer_changes(struct sched_work *work, const Nurture__V1__Outcome *outcome);
void sched_answer_is_confirmed(struct sched_work *work, const char *request);
/* Those of requests that nobody remembers. */
void sched_forget_answers(struct sched_ledger *ledger);

/* Of a permit that counts no longer; why is "released" or "lapsed". */
void sched_put_released(struct sched_work *work, const struct ledger_send *counted,
			const struct sched_send *send, const char *why);

#endif
