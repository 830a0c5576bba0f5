/* answer.h - what another tool is told, each time that it asks. */
#ifndef NURTURE_SCHEDULER_ANSWER_H
#define NURTURE_SCHEDULER_ANSWER_H

#include "decision.h"
#include "nurture/v1/outcome.pb-c.h"

/* Tells it for the first time, and keeps it; outcome is the newest of the request. */
void sched_answer(struct sched_decision *decision, const Nurture__V1__Outcome *outcome,
		  int64_t lapses_ms);
/* Tells it again; -1 when it is not kept. */
int sched_answer_again(struct sched_decision *decision, const char *request, struct err *err);
/* The answer that is kept, if one is, is this from now on. */
void sched_answer_changes(struct sched_decision *decision, const Nurture__V1__Outcome *outcome);
void sched_answer_is_confirmed(struct sched_decision *decision, const char *request);
/* Forgets those of requests that nobody remembers. */
void sched_forget_answers(struct sched_ledger *ledger);

#endif
