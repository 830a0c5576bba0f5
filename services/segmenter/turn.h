/*
 * turn.h - one step in the making: what came in, who the customer is now, and
 * what the parts of the segmenter need to know of it.
 */
#ifndef NURTURE_SEGMENTER_TURN_H
#define NURTURE_SEGMENTER_TURN_H

#include "common/policy/policy.h"
#include "common/stream/step.h"
#include "facts.h"
#include "nurture/v1/event.pb-c.h"
#include "orders.h"
#include "profile.h"

/* What an event did, beyond what the profile now says. */
struct seg_change {
	const char *order;  /* id of the order that it names; "" */
	bool repeats_order; /* order.placed of an order that was placed already */
	bool is_overtaken;  /* it comes late: the order was cancelled or refunded after it */
	bool ends_order;    /* a known order was cancelled or refunded */
	bool merges;	    /* the customer goes on under another id */
	struct seg_order_moves moves; /* when the order takes place is another time now */
};

enum seg_membership { SEG_UNDECIDED, SEG_OUT, SEG_IN };

struct seg_turn {
	struct step *step;
	const struct policy *policy;
	const char *customer;
	struct seg_profile *profile;
	const Nurture__V1__Event *event; /* NULL: a timer */
	struct seg_change change;
	int64_t triggered_ms; /* the event's time; of a timer, when it was due */
	struct seg_facts facts;
	const int64_t *bought_ms; /* of each of the profile's categories, SEG_NEVER: none is kept */
	const bool *was_in; /* segments before this step, by their index in the policy */
	uint8_t *is_in;	    /* and now: enum seg_membership */
	const struct zone *zone; /* the customer's; NULL until seg_zone() was asked */
};

static inline int64_t seg_now_ms(const struct seg_turn *turn)
{
	return turn->step->now_ms;
}

#endif
