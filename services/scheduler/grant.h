/*
 * grant.h - a candidate is granted: written into the ledger and handed on, with its merged parts.
 */
#ifndef NURTURE_SCHEDULER_GRANT_H
#define NURTURE_SCHEDULER_GRANT_H

#include "decision.h"

/* Returns false when the candidate had to end instead, because no code was left for it. */
bool sched_grant(struct sched_decision *decision, struct sched_candidate *candidate);

#endif
