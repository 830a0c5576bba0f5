/*
 * step.h - the segmenter's decision: who is this customer now, and what does
 * that set off?  Pure.
 *
 * Outputs come in this order: contact, mail of other tools, tasks that are
 * done, cancellations, requests; so that a request is weighed against the person as it is now, and
 * an event that ends one round of a programme may begin the next.
 */
#ifndef NURTURE_SEGMENTER_STEP_H
#define NURTURE_SEGMENTER_STEP_H

#include "common/policy/policy.h"
#include "common/stream/step.h"

enum { SEG_EVENTS };   /* inputs: nurture.events, as event_decode() takes them */
enum { SEG_REQUESTS }; /* outputs: nurture.requests, packed RequestRecords */

/* step->context */
struct segmenter {
	const struct policy *policy;
};

/*
 * A step_function.  -1 for an event that cannot be read, is filed under
 * another customer, lacks what its type needs, or meets a state that cannot
 * be read.  A repeated event id changes nothing and emits nothing.
 */
int seg_step(struct step *step, struct err *err);

#endif
