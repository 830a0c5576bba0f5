/* verdict.h - must a candidate end at that time, whatever the caps say? */
#ifndef NURTURE_SCHEDULER_VERDICT_H
#define NURTURE_SCHEDULER_VERDICT_H

#include "common/message/outcome.h"
#include "decision.h"

struct sched_verdict {
	enum status status;
	struct sched_reason reason;
};

bool sched_must_end(struct sched_decision *decision, const struct sched_candidate *candidate,
		    int64_t at_ms, struct sched_verdict *ret);

#endif
