/*
 * admit.h - a request, or mail that another tool has sent, enters the ledger.  A
 * repeat changes nothing; of another tool's question it is answered again.
 */
#ifndef NURTURE_SCHEDULER_ADMIT_H
#define NURTURE_SCHEDULER_ADMIT_H

#include "decision.h"

/*
 * A request waits for the timer of its instant; one of channel external is answered at once. packed
 * are the request's bytes; when they are empty, they are still to be made.
 */
int sched_admit(struct sched_decision *decision, Nurture__V1__Request *request, struct slice packed,
		struct err *err);
/* Is there room for one more that waits?  Without it the request ends, and says so. */
bool sched_has_room(const struct sched_decision *decision);
void sched_turn_away(struct sched_decision *decision, struct sched_candidate *candidate);
/* Counts a mail that another tool has sent. */
int sched_admit_elsewhere(struct sched_decision *decision, const Nurture__V1__SentElsewhere *sent,
			  int64_t record_ms, struct err *err);

#endif
