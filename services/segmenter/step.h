/*
 * step.h - the segmenter's decision: who is this customer now, and what does
 * that set off?  Pure.
 *
 * Outputs come in this order: contact, what another inbox must hear, mail of other tools, tasks that are
 * done, cancellations, requests; so that a request is weighed against the person as it is now, and
 * an event that ends one round of a programme may begin the next.
 */
#ifndef NURTURE_SEGMENTER_STEP_H
#define NURTURE_SEGMENTER_STEP_H

#include "common/policy/policy.h"
#include "common/stream/step.h"

/* Inputs: nurture.events, as event_decode() takes them; nurture.profile-handovers. */
enum { SEG_EVENTS, SEG_HANDED };
/* Outputs: nurture.requests, packed RequestRecords; nurture.profile-handovers. */
enum { SEG_REQUESTS, SEG_HANDOVERS };

/* step->context */
struct segmenter {
	const struct policy *policy;
	/*
	 * customer.merged hands the profile to the id that goes on.  On the event clock it only
	 * ends the customer: what it meant was resolved before, over the whole file.
	 */
	bool hands_over;
};

/*
 * A step_function.  -1 for an event that cannot be read, is filed under
 * another customer, lacks what its type needs, or meets a state that cannot
 * be read.  A repeated event id changes nothing and emits nothing.
 */
int seg_step(struct step *step, struct err *err);

#endif
