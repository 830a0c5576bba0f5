/* tasks.h - what a human is given to do, what is taken back and what is done. */
#ifndef NURTURE_SCHEDULER_TASKS_H
#define NURTURE_SCHEDULER_TASKS_H

#include "decision.h"

void sched_create_task(struct sched_decision *decision, const struct sched_candidate *candidate,
		       const char *coupon);
/*
 * What somebody was given to do is taken back, or told to be done.  A task that has its end
 * already, or is older than what is remembered, is left alone.
 */
void sched_cancel_tasks(struct sched_decision *decision, const Nurture__V1__Cancel *cancel);
void sched_task_done(struct sched_decision *decision, const Nurture__V1__TaskDone *done);
/* Forgets those whose time has run out, and the oldest beyond SCHED_TASKS_MAX. */
void sched_forget_tasks(struct sched_decision *decision);

#endif
