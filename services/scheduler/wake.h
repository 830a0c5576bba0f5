/* wake.h - who is looked at again because another one was granted, ended or taken back. */
#ifndef NURTURE_SCHEDULER_WAKE_H
#define NURTURE_SCHEDULER_WAKE_H

#include "decision.h"

/* Looks again, now, at what this blocked: won_by of the reason, or all when NULL. */
void sched_wake(struct sched_decision *decision, enum sched_blocker blocker, const char *won_by);
/* The rules have changed: looks again at all that are blocked. */
void sched_wake_all(struct sched_decision *decision);
/* The request was granted: the due time of those that follow it is known from now on. */
void sched_lead_followers(struct sched_decision *decision, const char *request);
/* It ended without a grant: those that follow it wait in vain. */
void sched_leave_followers(struct sched_decision *decision, const char *request);

#endif
