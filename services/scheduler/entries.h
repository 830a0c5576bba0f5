/* entries.h - what the caps count comes into the ledger, and goes. */
#ifndef NURTURE_SCHEDULER_ENTRIES_H
#define NURTURE_SCHEDULER_ENTRIES_H

#include "decision.h"

/* The ledger's entry for it, sent at at_ms in a mail of its own. */
struct ledger_send sched_entry(const struct sched_candidate *candidate, int64_t at_ms);
/* A ledger entry, without anything else. */
void sched_count(struct sched_decision *decision, struct ledger_send counted,
		 struct sched_send send);
/* The entry goes; the order of the others stays, and who had no room looks again. */
void sched_uncount(struct sched_decision *decision, size_t at);
/* Counts the candidate as asked for, and takes it from those that wait. */
void sched_take(struct sched_decision *decision, struct sched_candidate *candidate, bool merged);
/* The request is over, with a grant at granted_ms or, when that is 0, without one. */
void sched_remember_ended(struct sched_decision *decision, const Nurture__V1__Request *request,
			  int64_t granted_ms);

#endif
