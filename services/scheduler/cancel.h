/* cancel.h - the reason of requests goes away. */
#ifndef NURTURE_SCHEDULER_CANCEL_H
#define NURTURE_SCHEDULER_CANCEL_H

#include "decision.h"

/* Ends those that wait, takes back the tasks, and tells mail that may be under way. */
void sched_cancel(struct sched_decision *decision, const Nurture__V1__Cancel *cancel);

/*
 * What ends requests may be heard under the id that lives before what waits for the id that ended is
 * handed over to it, on another way.  So the newest cancellations are remembered, as long as a record
 * can wait in a topic.  Ends the candidate, which was handed over, if one of them means it.
 */
bool sched_cancel_candidate(struct sched_decision *decision, struct sched_candidate *candidate);
Nurture__V1__Cancel sched_cancel_of(const Nurture__V1__KeptCancel *kept);
/*
 * Is it about one order or request?  Of a task or a mail nobody knows when it was set off, so only
 * such a one may be meant for those of the other id.
 */
bool sched_is_about_one(const Nurture__V1__Cancel *cancel);
/* Ends what waits in the ledger, and takes back its tasks, as the other one's cancellations say. */
void sched_cancel_as(struct sched_decision *decision, const struct sched_ledger *other);
/* Adds to the ledger's cancellations those of the other one, which has room for them. */
void sched_unite_cancels(struct sched_ledger *own, const struct sched_ledger *other);
/* Forgets those that nothing can be meant by any more. */
void sched_forget_cancels(struct sched_decision *decision);

#endif
