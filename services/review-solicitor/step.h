/*
 * step.h - whom to ask for feedback, when, and on which rung.  Pure.
 *
 * - Once per order, a while after it was delivered, never with an open case,
 *   and again as often as the policy reminds.
 * - Everybody is asked for rating and review alike, with the same public link,
 *   whatever the score and whether there was an answer.  A score decides two
 *   things only: a low one opens a task for a human, a high one leads to the
 *   next favour (referral, testimonial, event).  Each rung at most once a year.
 * - What was answered, cancelled or refunded is not asked any more, and what
 *   the scheduler still holds of it is taken back.
 *
 * - What a customer says is kept, item by item (items.h), whether it was asked
 *   for or not.
 *
 * Events that cannot be read are passed over here: the segmenter reads the
 * same topic and owns its dead letters.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_STEP_H
#define NURTURE_REVIEW_SOLICITOR_STEP_H

#include "common/policy/policy.h"
#include "common/stream/step.h"

/* The context of a step. */
struct solicitor {
	const struct policy *policy;
	struct slice token_key; /* of the links; at least SOL_TOKEN_KEY_MIN_BYTES */
	/*
	 * customer.merged hands the ladder to the id that goes on.  On the event clock it only ends
	 * the customer.
	 */
	bool hands_over;
};

/* Inputs: nurture.events, and Handovers of nurture.ladder-handovers. */
enum { SOL_EVENTS, SOL_HANDED };
enum { SOL_ASKS, SOL_HANDOVERS, SOL_FEEDBACK }; /* outputs */

/* The decision. Returns -1 only for a state that cannot be read. */
int sol_step(struct step *step, struct err *err);

#endif
