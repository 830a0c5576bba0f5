/*
 * decision.h - one step in the making: what came in, who the customer is now, and
 * what the parts of the segmenter need to know of it.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_DECISION_H
#define NURTURE_SEGMENTER_PROFILE_DECISION_H

#include "common/policy/policy.h"
#include "common/stream/step.h"
#include "facts.h"
#include "nurture/v1/event.pb-c.h"
#include "orders.h"
#include "profile.h"

/* What an event did, beyond what the profile now says. */
struct seg_change {
	const char *order; /* id of the order that it names; "" */
	bool is_repeat; /* the event says what was told before, under whichever id: it is no news */
	bool
	    is_proven; /* the event cannot have been told before: the order that it is about proves it */
	bool is_step;    /* an order is placed, updated, shipped, delivered or late */
	bool has_gone;   /* it is a step of an order that was cancelled or refunded, all of it */
	bool ends_order; /* a known order was cancelled or refunded, all of it */
	bool is_part;    /* a part of the order was given back, and not all of it has gone */
	bool merges;     /* the customer goes on under another id */
	struct seg_order_moves moves; /* the order takes place at another time than before */
};

enum seg_membership { SEG_UNDECIDED, SEG_OUT, SEG_IN };

struct seg_decision {
	struct step *step;
	const struct policy *policy;
	const char *customer;
	struct seg_profile *profile;
	const Nurture__V1__Event *event; /* NULL: a timer */
	bool is_stale;   /* the event is so old that it may be a repeat of one that was forgotten */
	bool hands_over; /* a customer who is merged: to the id that goes on */
	bool is_history; /* the event was imported: it changes the profile and sets nothing off */
	struct seg_change change;
	int64_t triggered_ms; /* the event's time; of a timer, when it was due */
	struct seg_facts facts;
	const int64_t *bought_ms; /* of each of the profile's categories, SEG_NEVER: none is kept */
	const bool *was_in;       /* segments before this step, by their index in the policy */
	uint8_t *is_in;           /* and now: enum seg_membership */
	const struct zone *zone;  /* the customer's; NULL until seg_zone() was asked */
};

static inline int64_t seg_now_ms(const struct seg_decision *decision)
{
	return decision->step->now_ms;
}

/* May the event set off or end anything? A timer may not. */
static inline bool seg_is_news(const struct seg_decision *decision)
{
	return decision->event && !decision->change.is_repeat &&
	       (!decision->is_stale || decision->change.is_proven);
}

#endif
