/*
 * wire.h - the review-solicitor's bytes: its state per customer, and what it
 * asks of the scheduler.  Pure.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_WIRE_H
#define NURTURE_REVIEW_SOLICITOR_WIRE_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/policy/parcels.h"
#include "common/policy/refund.h"
#include "nurture/v1/ladder.pb-c.h"
#include "nurture/v1/request.pb-c.h"

/* Bounds of one customer's state; what goes over pushes out the oldest. */
enum {
	SOL_ORDERS_MAX = 256,
	SOL_CASES_MAX = 64,
	SOL_DEDUP_MAX = 64,
	SOL_ERASED_MAX = 8,
	SOL_ITEMS_MAX = 200,
	SOL_ITEMS_MAX_BYTES = 192 * 1024, /* of all of them, packed */
	SOL_REMINDERS_MAX = 100,          /* of one order; a policy allows fewer */
	/* The fullest ladder that the above allow is smaller. */
	SOL_STATE_MAX_BYTES = 704 * 1024,
};

/* The values are those of nurture.v1.LadderPhase, where they are explained. */
enum sol_phase {
	SOL_WAITING,
	SOL_ASKED,
	SOL_SETTLED,
	SOL_LOW,
	SOL_GONE,
	SOL_PLACED,
	SOL_PHASE_COUNT
};

struct sol_order {
	const char *id;
	enum sol_phase phase;
	bool gone; /* SOL_LOW: and all of it was cancelled or refunded */
	int64_t at_ms;
	int64_t delivered_ms;
	int64_t wait_ms;
	int64_t amount_e4, amount_ms; /* as the newest word says; 0: nobody said */
	int64_t items_ms;
	uint32_t currency;
	struct refunds refunds;
	struct parcels parcels;
	int64_t ends_ms, ends_told_ms;
	unsigned reminders;
	const char *asked_as; /* the customer whom the ids of its asks name; "", NULL: this one */
};

struct sol_case {
	const char *name;  /* case_name() */
	const char *order; /* "" when nobody said */
	int64_t at_ms;
	bool closed;
};

struct sol_rung {
	const char *name, *order;
	int64_t asked_ms;     /* when it was, or is to be */
	int64_t triggered_ms; /* 0 once it was asked */
	const char *asked_as; /* as of orders */
};

/* One for everybody and one favour: so many rungs may be added in one step. */
enum { SOL_RUNGS_ADDED = 2 };

/*
 * What is known of a customer.  Texts and arrays are the arena's; each array has room for one
 * more, rungs for SOL_RUNGS_ADDED.
 */
struct sol_ladder {
	struct sol_order *orders;
	struct sol_case *cases;
	struct sol_rung *rungs;
	uint64_t *dedup;
	size_t order_count, case_count, rung_count, dedup_count;
	Nurture__V1__FeedbackItem **items; /* what the customer has said, oldest first */
	size_t item_count;
	int64_t last_ask_ms;
	/* orders that were delivered up to then may all have been forgotten */
	int64_t forgotten_ms;
	int64_t erased_ms; /* the person was forgotten: nothing up to it counts; 0: never */
	/* hashes of the newest erasures; there is room for SOL_ERASED_MAX */
	uint64_t *erased_events;
	size_t erased_event_count;
	bool merged;             /* the customer goes on under another id; the rest is empty then */
	const char *merged_into; /* that id, to which the ladder was handed over; "", NULL: not */
	int64_t merged_ms;       /* when the event that said so was */
};

/* Decodes a ladder; no bytes stand for a customer of whom nothing is known. */
int sol_ladder_decode(struct slice bytes, struct arena *arena, struct sol_ladder *ret,
		      struct err *err);
/* The same ladder gives the same bytes; one without orders, cases, rungs and items gives none, unless
 * it is of a merged customer. */
struct slice sol_ladder_encode(const struct sol_ladder *ladder, struct arena *arena);

/* A packed RequestRecord at time now_ms. */
struct slice sol_request_encode(const Nurture__V1__Request *request, int64_t now_ms,
				struct arena *arena);
struct slice sol_cancel_encode(const Nurture__V1__Cancel *cancel, int64_t now_ms,
			       struct arena *arena);

#endif
