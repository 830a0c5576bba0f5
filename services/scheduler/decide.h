/* decide.h - the decision of an instant. */
#ifndef NURTURE_SCHEDULER_DECIDE_H
#define NURTURE_SCHEDULER_DECIDE_H

#include "decision.h"

/* Decides about all candidates that are worth a look. */
void sched_decide(struct sched_decision *decision);
/*
 * Can the candidate be granted now? If not, *ret says what blocks it, but not who won: that is
 * asked only when the reason is told.
 */
bool sched_is_free(struct sched_decision *decision, const struct sched_candidate *candidate,
		   struct sched_reason *ret);

#endif
