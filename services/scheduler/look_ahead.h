/*
 * look_ahead.h - is an allowance kept for a candidate of higher priority that will need it later?
 */
#ifndef NURTURE_SCHEDULER_LOOK_AHEAD_H
#define NURTURE_SCHEDULER_LOOK_AHEAD_H

#include "decision.h"

/* If so, *ret says for which candidate, and when the one at hand can go. */
bool sched_is_reserved(struct sched_decision *decision, const struct sched_candidate *candidate,
		       struct sched_reason *ret);

#endif
