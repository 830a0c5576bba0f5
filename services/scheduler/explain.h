/*
 * explain.h - what a decision has seen, for whoever asks later why.
 */
#ifndef NURTURE_SCHEDULER_EXPLAIN_H
#define NURTURE_SCHEDULER_EXPLAIN_H

#include "decision.h"
#include "nurture/v1/outcome.pb-c.h"

enum { SEEN_TRIALS_MAX = 16, SEEN_RIVALS_MAX = 8 };

/* Its texts are borrowed. */
struct sched_seen {
	size_t trial_count, rival_count;
	Nurture__V1__Trial trials[SEEN_TRIALS_MAX], *trial_list[SEEN_TRIALS_MAX];
	Nurture__V1__Rival rivals[SEEN_RIVALS_MAX], *rival_list[SEEN_RIVALS_MAX];
};

/*
 * Every rule that binds the question as it stands now, at most 16: when there
 * are more, the rule of decisive (or NULL) comes first.  The others that wait at this
 * instant, first those that go first, at most 8, with the rule that holds each
 * as far as has been asked.
 */
void sched_see(struct sched_decision *decision, const struct sched_candidate *candidate,
	       const struct send_question *question, const struct sched_reason *decisive,
	       struct sched_seen *ret);

#endif
