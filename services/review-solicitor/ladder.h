/*
 * ladder.h - a customer's orders, cases and rungs: find, add, forget.  Pure.
 *
 * Each call that adds adds one, and a step may add one order, one case and two
 * rungs to what it decoded: that is the room there is (wire.h).
 */
#ifndef NURTURE_REVIEW_SOLICITOR_LADDER_H
#define NURTURE_REVIEW_SOLICITOR_LADDER_H

#include "common/policy/case_event.h"
#include "common/policy/policy.h"
#include "wire.h"

/* NULL when there is none. */
struct sol_order *sol_order_find(const struct sol_ladder *ladder, const char *id);
struct sol_rung *sol_rung_find(const struct sol_ladder *ladder, const char *name);

/*
 * Adds an order; id and name are kept by reference. When the list is full, the order that is missed
 * least goes.
 */
struct sol_order *sol_order_add(struct sol_ladder *ladder, const char *id);
struct sol_rung *sol_rung_add(struct sol_ladder *ladder, const char *name);
void sol_rung_remove(struct sol_ladder *ladder, struct sol_rung *rung);

/*
 * Ends the order: nothing is asked about it any more, but its price and its number of parcels stay
 * known.
 */
void sol_order_end(struct sol_order *order, enum sol_phase phase, int64_t now_ms);

/*
 * at_ms is the event's time; the events of a case may come in any order.  order is what it
 * is about, or "".  A closing without an id (name is then that of the order) closes
 * every case of the type's kind about the order; as the segmenter has it (case_name.h).
 */
void sol_case_open(struct sol_ladder *ladder, struct sol_case opened);
void sol_case_close(struct sol_ladder *ladder, struct sol_case closed);
void sol_cases_close(struct sol_ladder *ladder, const char *type, const char *order, int64_t at_ms);
/* The cases that are known; valid while none is added. */
struct case_list sol_case_list(const struct sol_ladder *ladder);
/* Was the case ever opened? */
bool sol_case_is_known(const struct sol_ladder *ladder, const char *name);
/* Removes the case, as if it had never been. */
void sol_case_drop(struct sol_ladder *ladder, const char *name);
/*
 * Is a case open? While one is, nobody is asked anything, for as long as the policy lets the case
 * hold.
 */
bool sol_case_any_open(const struct sol_ladder *ladder, const struct policy *policy,
		       int64_t now_ms);

/* Adds an event id; true when it is new among the newest ones, which are all that is remembered. */
bool sol_dedup_is_new(struct sol_ladder *ladder, struct slice event_id);

/* Forgets what is too old at now_ms to change anything. */
void sol_ladder_prune(struct sol_ladder *ladder, const struct policy *policy, int64_t now_ms);
/* The next instant at which there is something to ask or to forget; not before now_ms. */
int64_t sol_ladder_due_ms(const struct sol_ladder *ladder, const struct policy *policy,
			  int64_t now_ms);

static inline bool sol_order_has_gone(const struct sol_order *order)
{
	return order->phase == SOL_GONE || order->gone;
}

/* Does the order end at a known time, though it is not delivered? That is as good as a delivery. */
static inline bool sol_order_is_stay(const struct sol_order *order)
{
	return order->phase == SOL_PLACED && order->ends_ms != 0;
}

/* When an order's ask or reminder is due; NEVER_MS when none is left. */
int64_t sol_order_due_ms(const struct sol_order *order, const struct feedback *rules);

#endif
