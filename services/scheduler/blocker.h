/*
 * blocker.h - what blocks a candidate besides the rules: an open case, or a pause that the person
 * asked for.
 */
#ifndef NURTURE_SCHEDULER_BLOCKER_H
#define NURTURE_SCHEDULER_BLOCKER_H

#include "decision.h"

/* Says what blocks the candidate now; BLOCKED_NOT when neither does. */
enum sched_blocker sched_blocker_of(const struct sched_decision *decision,
				    const struct sched_candidate *candidate);
struct sched_reason sched_blocker_reason(struct sched_decision *decision,
					 const struct sched_candidate *candidate,
					 enum sched_blocker by);

#endif
