/* outcome.h - what became of a request, on the topic of outcomes. */
#ifndef NURTURE_SCHEDULER_OUTCOME_H
#define NURTURE_SCHEDULER_OUTCOME_H

#include "common/message/outcome.h"
#include "explain.h"

struct sched_note;
/* What is to be counted of a decision, in the step's arena; the texts are not copied. */
const struct sched_note *sched_note(const struct sched_decision *decision, enum channel channel,
				    const char *programme, const char *status, const char *rule);
/* step is "end" or "deferred:N"; reason and explanation may be NULL when no rule was asked. */
void sched_put_outcome(struct sched_decision *decision, const struct sched_candidate *candidate,
		       enum status status, const struct sched_reason *reason, const char *step,
		       const struct sched_explanation *explanation);
/* Tells that a permit counts no longer; why is "released" or "lapsed". */
void sched_put_released(struct sched_decision *decision, const struct ledger_send *counted,
			struct sched_send *send, const char *why);

#endif
