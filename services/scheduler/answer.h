/* answer.h - what another tool is told, each time it asks. */
#ifndef NURTURE_SCHEDULER_ANSWER_H
#define NURTURE_SCHEDULER_ANSWER_H

#include "decision.h"
#include "nurture/v1/outcome.pb-c.h"

/* Tells the tool for the first time and keeps the answer; outcome is the newest of the request. */
void sched_answer(struct sched_decision *decision, const Nurture__V1__Outcome *outcome,
		  int64_t lapses_ms);
/* Tells the tool again; -1 when no answer is kept. */
int sched_answer_again(struct sched_decision *decision, const char *request, struct err *err);
/* Replaces the answer that is kept, if one is. */
void sched_answer_changes(struct sched_decision *decision, const Nurture__V1__Outcome *outcome);
void sched_answer_is_confirmed(struct sched_decision *decision, const char *request);
/* Forgets the answers to requests that nobody remembers. */
void sched_forget_answers(struct sched_ledger *ledger);

#endif
