/* defer.h - not now: why, until when, and when to look again. */
#ifndef NURTURE_SCHEDULER_DEFER_H
#define NURTURE_SCHEDULER_DEFER_H

#include "decision.h"

void sched_defer(struct sched_decision *decision, struct sched_candidate *candidate,
		 struct sched_reason reason);
/* Can the candidate never be granted before it expires? */
bool sched_is_hopeless(const struct sched_decision *decision,
		       const struct sched_candidate *candidate, const struct sched_reason *reason);

#endif
