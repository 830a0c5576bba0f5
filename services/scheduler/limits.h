/* limits.h - caps, nights and send windows together. */
#ifndef NURTURE_SCHEDULER_LIMITS_H
#define NURTURE_SCHEDULER_LIMITS_H

#include "decision.h"

/*
 * Do caps, nights and send windows allow it now? If not, *ret says what blocks it, but not who won
 * against it: see sched_winner().
 */
bool sched_limits_allow(struct sched_decision *decision, const struct sched_candidate *candidate,
			struct sched_reason *ret);
/* The local times at which a mail must go out, a best hour included; all 0: at any time. */
struct send_window sched_window(const struct sched_decision *decision,
				const struct sched_candidate *candidate);
/* Is it inside its send window now? */
bool sched_window_is_open(struct sched_decision *decision, const struct sched_candidate *candidate);
/* The first instant from from_ms on at which all of them allow it; NEVER_MS when none does. */
int64_t sched_earliest(struct sched_decision *decision, const struct sched_candidate *candidate,
		       int64_t from_ms);
/* The request behind the newest send that the cap counts, or "". */
const char *sched_winner(const struct sched_decision *decision, const struct cap *cap);

#endif
