/* tasks.h - what a human is given to do, what is taken back and what is done. */
#ifndef NURTURE_SCHEDULER_TASKS_H
#define NURTURE_SCHEDULER_TASKS_H

#include "decision.h"

void sched_create_task(struct sched_decision *decision, const struct sched_candidate *candidate,
		       const char *coupon);
/*
 * Takes a task back, or records that it was done. A task that is over already, or older than what
 * is remembered, is left alone.
 */
void sched_cancel_tasks(struct sched_decision *decision, const Nurture__V1__Cancel *cancel);
void sched_task_done(struct sched_decision *decision, const Nurture__V1__TaskDone *done);
/* Forgets the tasks whose time has run out, and the oldest beyond SCHED_TASKS_MAX. */
void sched_forget_tasks(struct sched_decision *decision);

#endif
