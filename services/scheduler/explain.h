/*
 * explain.h - a decision's explanation: which rules and which rivals it found.  It goes into the
 * outcome, for whoever asks later why.
 */
#ifndef NURTURE_SCHEDULER_EXPLAIN_H
#define NURTURE_SCHEDULER_EXPLAIN_H

#include "decision.h"
#include "nurture/v1/outcome.pb-c.h"

enum { EXPLAINED_TRIALS_MAX = 16, EXPLAINED_RIVALS_MAX = 8 };

/* Its texts are borrowed. */
struct sched_explanation {
	size_t trial_count, rival_count;
	Nurture__V1__Trial trials[EXPLAINED_TRIALS_MAX], *trial_list[EXPLAINED_TRIALS_MAX];
	Nurture__V1__Rival rivals[EXPLAINED_RIVALS_MAX], *rival_list[EXPLAINED_RIVALS_MAX];
};

/*
 * Lists every rule that binds the question now, at most 16; when there are more, the rule of
 * decisive (may be NULL) comes first.  Lists the others that wait at this instant as well, in the
 * order in which they would go, at most 8, each with its blocker as far as that has been asked.
 */
void sched_explain(struct sched_decision *decision, const struct sched_candidate *candidate,
		   const struct send_question *question, const struct sched_reason *decisive,
		   struct sched_explanation *ret);

#endif
