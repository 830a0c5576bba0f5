/* look_ahead.h - is its allowance kept for one of higher priority that comes later? */
#ifndef NURTURE_SCHEDULER_LOOK_AHEAD_H
#define NURTURE_SCHEDULER_LOOK_AHEAD_H

#include "decision.h"

/* True: *ret says for which one, and when its own turn comes. */
bool sched_is_reserved(struct sched_decision *decision, const struct sched_candidate *candidate,
		       struct sched_reason *ret);

#endif
