/*
 * merge.h - a customer who goes on under another id: the ledger is handed over.  Pure.
 *
 * The contact says that a customer was merged, and into whom.  In the transaction that hears it all
 * goes there: what was granted (so that no cap forgets it), what waits (under the same request
 * ids, so that each still has one end), what has ended, answers and open tasks.  What comes for
 * the old id afterwards is passed on.
 */
#ifndef NURTURE_SCHEDULER_MERGE_H
#define NURTURE_SCHEDULER_MERGE_H

#include "decision.h"

/* Has the customer handed its ledger over? */
bool sched_has_moved(const struct sched_decision *decision);
/*
 * Hands the ledger over to the id that the contact, which has just changed, names.  old is what was
 * known of the person before it.
 */
void sched_hand_over(struct sched_decision *decision, const Nurture__V1__Contact *old);
/* Passes the step's record on: its customer has moved. */
void sched_pass_record(struct sched_decision *decision);
/*
 * Takes in what is handed over to this customer.  A record that was passed on is left to the
 * caller, in step->value, and *ret_is_record is true.  A ledger that is damaged is ERR_INPUT: it
 * becomes a dead letter, and the person goes on without it; one that a newer build has written is
 * ERR_ENVIRONMENT, so that nothing of it is lost before that build runs.
 */
int sched_take_over(struct sched_decision *decision, bool *ret_is_record, struct err *err);

#endif
