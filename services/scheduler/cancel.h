/* cancel.h - the reason of requests goes away. */
#ifndef NURTURE_SCHEDULER_CANCEL_H
#define NURTURE_SCHEDULER_CANCEL_H

#include "decision.h"

/* Ends those that wait, takes back the tasks, and tells mail that may be under way. */
void sched_cancel(struct sched_decision *decision, const Nurture__V1__Cancel *cancel);

#endif
