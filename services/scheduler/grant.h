/* grant.h - it may be heard: into the ledger, and out, with its merged parts. */
#ifndef NURTURE_SCHEDULER_GRANT_H
#define NURTURE_SCHEDULER_GRANT_H

#include "decision.h"

/* False: it had to end instead, since nothing is left to be drawn for it. */
bool sched_grant(struct sched_decision *decision, struct sched_candidate *candidate);

#endif
