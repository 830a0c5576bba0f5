/*
 * merge.h - a customer who goes on under another id: the ladder is handed over.  Pure.
 *
 * The transaction that hears of the merger writes the whole ladder to the id that goes on; what is
 * left says where that is.  Asks keep the ids that they had, so what waits of them in the
 * scheduler can still be taken back.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_MERGE_H
#define NURTURE_REVIEW_SOLICITOR_MERGE_H

#include "common/message/handover.h"
#include "common/stream/step.h"
#include "nurture/v1/event.pb-c.h"
#include "wire.h"

/* Does a merger hand the ladder over, by the clock that the service has? */
bool sol_hands_over(const struct step *step);
/* Has this customer handed its ladder over? */
bool sol_has_moved(const struct sol_ladder *ladder);
/* Hands it over as customer.merged says, and leaves what is left of it. */
void sol_hand_over(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);
/* Passes the step's record on to the id to which the ladder has moved. */
void sol_pass_event(struct step *step, const struct sol_ladder *ladder);
/*
 * The customer, who has moved, receives a handover.  true: it was passed on.  false: that would be
 * a circle, and the customer lives under this id again.
 */
bool sol_goes_on(struct step *step, struct sol_ladder *ladder,
		 const Nurture__V1__Handover *handover);
/* The event that was passed on, as if it had come for this customer when it came. */
int sol_handed_event(struct step *step, const Nurture__V1__Handover *handover,
		     Nurture__V1__Event **ret, struct err *err);

#endif
