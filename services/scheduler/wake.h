/*
 * wake.h - which candidates are looked at again because another one was granted, ended or taken
 * back.
 */
#ifndef NURTURE_SCHEDULER_WAKE_H
#define NURTURE_SCHEDULER_WAKE_H

#include "decision.h"

/*
 * Looks again, now, at the candidates that `request` blocked (won_by of their reason), or at all
 * when it is NULL.
 */
void sched_wake(struct sched_decision *decision, enum sched_blocker blocker, const char *won_by);
/* The rules have changed: looks again at all that are blocked. */
void sched_wake_all(struct sched_decision *decision);
/* The request was granted: from now on the due time of its followers is known. */
void sched_lead_followers(struct sched_decision *decision, const char *request);
/* The request ended without a grant: its followers wait in vain. */
void sched_leave_followers(struct sched_decision *decision, const char *request);

#endif
