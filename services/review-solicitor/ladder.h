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

/* id and name are kept by reference.  When it is full the one least missed goes. */
struct sol_order *sol_order_add(struct sol_ladder *ladder, const char *id);
struct sol_rung *sol_rung_add(struct sol_ladder *ladder, const char *name);
void sol_rung_remove(struct sol_ladder *ladder, struct sol_rung *rung);

/* Nothing is asked about it any more; what it costs and in how many parcels it comes stays
 * known. */
void sol_order_end(struct sol_order *order, enum sol_phase phase, int64_t now_ms);

/*
 * at_ms is the event's time; the events of a case may come in any order.  order is what it
 * is about, or "".  A closing without an id (name is then that of the order) closes
 * every case of the type's kind about the order; as the segmenter has it (case_name.h).
 */
void sol_case_open(struct sol_ladder *ladder, struct sol_case opened);
void sol_case_close(struct sol_ladder *ladder, struct sol_case closed);
void sol_cases_close(struct sol_ladder *ladder, const char *type, const char *order, int64_t at_ms);
/* What is known of the cases, for as long as none is added. */
struct case_list sol_case_list(const struct sol_ladder *ladder);
/* Was it ever opened? */
bool sol_case_is_known(const struct sol_ladder *ladder, const char *name);
/* It never was, as far as the ladder is concerned. */
void sol_case_drop(struct sol_ladder *ladder, const char *name);
/* While one is open nobody is asked anything, for as long as the policy lets it hold. */
bool sol_case_any_open(const struct sol_ladder *ladder, const struct policy *policy,
		       int64_t now_ms);

/* True the first time, as far as the window of the newest reaches. */
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

/* Not delivered yet, but it ends at a known time: that is as good. */
static inline bool sol_order_is_stay(const struct sol_order *order)
{
	return order->phase == SOL_PLACED && order->ends_ms != 0;
}

/* When an order's ask or reminder is due; NEVER_MS when none is left. */
int64_t sol_order_due_ms(const struct sol_order *order, const struct feedback *rules);

#endif
