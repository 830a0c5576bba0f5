/* limits.h - caps, nights and send windows together. */
#ifndef NURTURE_SCHEDULER_LIMITS_H
#define NURTURE_SCHEDULER_LIMITS_H

#include "common/policy/window.h"
#include "decision.h"

/* False: *ret says what holds it, but for who won against it: sched_winner(). */
bool sched_limits_allow(struct sched_decision *decision, const struct sched_candidate *candidate,
			struct sched_reason *ret);
/* The local times that a mail must go out at, of a best hour too; all 0: any. */
struct send_window sched_window(const struct sched_decision *decision,
				const struct sched_candidate *candidate);
/* Is it inside its send window now? */
bool sched_window_is_open(struct sched_decision *decision, const struct sched_candidate *candidate);
/* The first instant from from_ms on at which all allow it; NEVER_MS. */
int64_t sched_earliest(struct sched_decision *decision, const struct sched_candidate *candidate,
		       int64_t from_ms);
/* The newest send that the cap counts: the request that went first, or "". */
const char *sched_winner(const struct sched_decision *decision, const struct cap *cap);

#endif
