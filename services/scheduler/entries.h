/* entries.h - how an entry that caps count comes into the ledger, and how it goes. */
#ifndef NURTURE_SCHEDULER_ENTRIES_H
#define NURTURE_SCHEDULER_ENTRIES_H

#include "decision.h"

/* Returns the ledger's entry for the candidate, sent at at_ms in a mail of its own. */
struct ledger_send sched_entry(const struct sched_candidate *candidate, int64_t at_ms);
/* Adds a ledger entry and does nothing else. */
void sched_count(struct sched_decision *decision, struct ledger_send counted,
		 struct sched_send send);
/* Removes the entry, keeps the order of the others, and looks again at those that had no room. */
void sched_uncount(struct sched_decision *decision, size_t at);
/* Counts the candidate as its question says, and takes it out of those that wait. */
void sched_take(struct sched_decision *decision, struct sched_candidate *candidate, bool merged);
/*
 * Remembers that the request is over: with a grant at granted_ms or, when that is 0, without one.
 */
void sched_remember_ended(struct sched_decision *decision, const Nurture__V1__Request *request,
			  int64_t granted_ms);

#endif
