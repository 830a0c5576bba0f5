/*
 * merge.h - a customer who goes on under another id: what is handed over, and what is left.  Pure.
 *
 * Left is where the person goes on, and what an erasure needs.  All else goes along in one record,
 * in the transaction that ends the old id; whoever owns the new one unites it with what it has
 * (profile/unite.h).
 */
#ifndef NURTURE_SEGMENTER_MERGE_H
#define NURTURE_SEGMENTER_MERGE_H

#include "common/message/handover.h"
#include "nurture/v1/event.pb-c.h"
#include "services/segmenter/profile/decision.h"

/* Does the profile of a merged customer hold more than what is left of one? */
bool seg_merge_holds(const struct seg_profile *profile);
/*
 * Hands over to the id that the profile names what it holds beyond that, and leaves the decision
 * one with what is left.  Nothing that waits is cancelled: the scheduler hands that over.
 */
void seg_merge_end(struct seg_decision *decision);
/* Passes the step's event on to the id that the profile names. */
void seg_merge_pass_event(struct step *step, const struct seg_profile *profile);
/*
 * The profile's customer has ended, and receives a handover.  true: it was passed on.  false: that
 * would be a circle, and from now on the customer lives under this id again.
 */
bool seg_merge_goes_on(struct step *step, struct seg_profile *profile,
		       const Nurture__V1__Handover *handover);
/* The event that was passed on, as if it had come for this customer when it came. */
int seg_merge_event(struct step *step, const Nurture__V1__Handover *handover,
		    Nurture__V1__Event **ret, struct err *err);
/* Dates of either that are due and were not looked at yet are looked at now: since when? */
int64_t seg_merge_since_ms(const struct step *step, const struct seg_profile *profile,
			   const struct seg_profile *other);

#endif
