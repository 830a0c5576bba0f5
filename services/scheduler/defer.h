/* defer.h - not now: why, until when, and when to look again. */
#ifndef NURTURE_SCHEDULER_DEFER_H
#define NURTURE_SCHEDULER_DEFER_H

#include "decision.h"

void sched_defer(struct sched_work *work, struct sched_candidate *candidate,
		 struct sched_reason reason);
/* It can never be granted before it expires. */
bool sched_is_hopeless(const struct sched_work *work, const struct sched_candidate *candidate,
		       const struct sched_reason *reason);

#endif
