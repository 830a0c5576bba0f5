/* hold.h - what holds a candidate that is no rule: an open case, or a pause that the person asked
 * for. */
#ifndef NURTURE_SCHEDULER_HOLD_H
#define NURTURE_SCHEDULER_HOLD_H

#include "decision.h"

/* BLOCKED_NOT: neither. */
enum sched_blocker sched_held_by(const struct sched_decision *decision,
				 const struct sched_candidate *candidate);
struct sched_reason sched_hold_reason(struct sched_decision *decision,
				      const struct sched_candidate *candidate,
				      enum sched_blocker by);

#endif
