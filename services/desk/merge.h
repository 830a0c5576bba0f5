/*
 * merge.h - a customer who goes on under another id: the tasks are handed over.  Pure.
 *
 * The transaction that hears of the merger writes the whole book to the id that goes on; what is
 * left says where that is, and what comes for the ended id later is passed on: words of people, who
 * know the task by the id under which it was given out, and records of the scheduler.
 *
 * Only by the wall clock (proto/README.md): a replay resolves mergers beforehand.
 */
#ifndef NURTURE_DESK_MERGE_H
#define NURTURE_DESK_MERGE_H

#include "common/message/handover.h"
#include "decision.h"
#include "nurture/v1/event.pb-c.h"

/* Hands the book over as customer.merged says, unless a newer word said otherwise. */
void dsk_merge_end(struct dsk_decision *decision, const Nurture__V1__Event *event);
/* Passes the step's record on to the id to which the book has gone. */
void dsk_merge_pass(struct dsk_decision *decision);
/*
 * The customer, who has ended, receives a handover: true: it was passed on.  false: that would be a
 * circle, and the customer lives under this id again; or the handover ends here, since the person has
 * asked to be forgotten.
 */
bool dsk_merge_goes_on(struct dsk_decision *decision, const Nurture__V1__Handover *handover);
/*
 * What the other had becomes this one's; tasks that both know are one.  Of who has asked to be
 * forgotten since the merge all tasks end.  -1: it cannot be read.
 */
int dsk_merge_unite(struct dsk_decision *decision, const Nurture__V1__Handover *handover,
		    struct err *err);

#endif
