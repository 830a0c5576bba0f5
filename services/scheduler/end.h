/* end.h - the one terminal outcome of what is not granted. */
#ifndef NURTURE_SCHEDULER_END_H
#define NURTURE_SCHEDULER_END_H

#include "common/message/outcome.h"
#include "decision.h"

void sched_end(struct sched_decision *decision, struct sched_candidate *candidate,
	       enum status status, struct sched_reason reason);
/* The candidate ends as displaced when it lost against another one, else as expired. */
void sched_end_late(struct sched_decision *decision, struct sched_candidate *candidate,
		    struct sched_reason reason);

#endif
