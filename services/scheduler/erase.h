/* erase.h - what waits, and was given out, of a person who is to be forgotten. */
#ifndef NURTURE_SCHEDULER_ERASE_H
#define NURTURE_SCHEDULER_ERASE_H

#include "decision.h"

/* Ends what waits, takes back the open tasks, and forgets what had been heard of ends. */
void sched_end_erased(struct sched_decision *decision);

#endif
