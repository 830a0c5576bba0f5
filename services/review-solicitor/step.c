/* step.c - see step.h. */
#include "step.h"

#include "answer.h"
#include "asks.h"
#include "common/base/civil.h"
#include "common/wire/event.h"
#include "common/wire/event_authority.h"
#include "heal.h"
#include "ladder.h"

#define TIME_MAX_MS INT64_C(253402300799999) /* the end of year 9999 */

static const struct feedback *rules_of(const struct step *step)
{
	return &((const struct solicitor *)step->context)->policy->feedback;
}

static int64_t category_wait_ms(const struct feedback *rules, const char *category)
{
	for (unsigned i = 0; i < rules->category_count; i++)
		if (strcmp(rules->categories[i].category, category) == 0)
			return rules->categories[i].window_ms;
	return rules->wait_ms;
}

/* What takes longest to try decides: the longest wait of what was bought. */
static int64_t order_wait_ms(const struct feedback *rules, const Nurture__V1__Order *order)
{
	int64_t wait_ms = 0;

	if (!order->n_items)
		return rules->wait_ms;
	for (size_t i = 0; i < order->n_items; i++) {
		int64_t one_ms = category_wait_ms(rules, order->items[i]->category);

		if (one_ms > wait_ms)
			wait_ms = one_ms;
	}
	return wait_ms;
}

static const char *order_of(const Nurture__V1__Event *event)
{
	if (event->order && event->order->id[0])
		return event->order->id;
	return event->case_ ? event->case_->order : "";
}

static const char *late_name(struct step *step, const char *order)
{
	return arena_printf(step->arena, "late:%s", order);
}

/*
 * A stay is delivered when it ends; nobody need say so.  The newest word about
 * that counts; an end so long ago that an ask would be too late is none.
 */
static void note_end(const struct step *step, struct sol_order *order,
		     const Nurture__V1__Event *event)
{
	int64_t ends_ms = event->order->ends_at_ms;

	if (ends_ms <= 0 || ends_ms > TIME_MAX_MS || event->time_ms < order->ends_told_ms)
		return;
	order->ends_told_ms = event->time_ms;
	order->ends_ms = ends_ms;
	if (ends_ms + order->wait_ms + rules_of(step)->expires_ms <= step->now_ms)
		order->ends_ms = 0;
}

/* A delivery notice often does not say what was delivered: note it while we know. */
static void on_placed(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	const struct feedback *rules = rules_of(step);
	const char *id = order_of(event);
	struct sol_order *order;
	int64_t wait_ms;

	if (!id[0] || !event->order || sol_order_find(ladder, id))
		return;
	wait_ms = order_wait_ms(rules, event->order);
	if (wait_ms == rules->wait_ms && !event->order->ends_at_ms)
		return;
	order = sol_order_add(ladder, id);
	order->phase = SOL_PLACED;
	order->at_ms = event->time_ms;
	order->wait_ms = wait_ms;
	note_end(step, order, event);
}

/* Of an order that is known; what else it says is for others. */
static void on_updated(struct step *step, struct sol_ladder *ladder,
		       const Nurture__V1__Event *event)
{
	struct sol_order *order = sol_order_find(ladder, order_of(event));

	if (!order)
		on_placed(step, ladder, event);
	else if (event->order && order->phase == SOL_PLACED)
		note_end(step, order, event);
}

static void on_delivered(struct step *step, struct sol_ladder *ladder,
			 const Nurture__V1__Event *event)
{
	const struct feedback *rules = rules_of(step);
	const char *id = order_of(event);
	struct sol_order *order;
	int64_t wait_ms = rules->wait_ms;

	if (!id[0])
		return;
	sol_case_drop(ladder, late_name(step, id));
	order = sol_order_find(ladder, id);
	if (order && order->phase != SOL_PLACED)
		return;
	if (event->order && event->order->n_items)
		wait_ms = order_wait_ms(rules, event->order);
	else if (order)
		wait_ms = order->wait_ms;
	if (!order)
		order = sol_order_add(ladder, id);
	*order = (struct sol_order){
	    .id = order->id,
	    .phase = SOL_WAITING,
	    .at_ms = event->time_ms + wait_ms,
	    .delivered_ms = event->time_ms,
	};
	/* News so old that an ask in time would have expired: an import, not a delivery. */
	if (order->at_ms + rules->expires_ms <= step->now_ms)
		*order = (struct sol_order){
		    .id = order->id, .phase = SOL_SETTLED, .at_ms = step->now_ms};
}

/* Cancelled or refunded; the order may not be known yet, when its events come out of order. */
static void on_gone(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	const char *id = order_of(event);
	struct sol_order *order;
	bool rung_asked;

	if (!id[0])
		return;
	sol_case_drop(ladder, late_name(step, id));
	order = sol_order_find(ladder, id);
	if (!order)
		order = sol_order_add(ladder, id);
	else if (order->phase == SOL_GONE)
		return;
	if (order->phase == SOL_LOW) {
		/* All but the call, which is not taken back. */
		sol_rungs_cancel(step, ladder, id, event->type);
		return;
	}
	rung_asked = sol_rungs_end(ladder, id);
	if (rung_asked || order->phase == SOL_ASKED)
		sol_emit_cancel_order(step, id, event->type);
	*order = (struct sol_order){.id = order->id, .phase = SOL_GONE, .at_ms = step->now_ms};
}

static void on_late(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	const char *id = order_of(event);
	const struct sol_order *order = sol_order_find(ladder, id);

	if (id[0] && (!order || order->phase == SOL_PLACED))
		sol_case_open(ladder, late_name(step, id), event->time_ms);
}

/* "return.opened" of case 4 is about "return:4". */
static const char *case_name(struct step *step, const Nurture__V1__Event *event)
{
	const char *id = event->case_ && event->case_->id[0] ? event->case_->id : order_of(event);

	return arena_printf(step->arena, "%.*s:%s", (int)strcspn(event->type, "."), event->type,
			    id);
}

static void on_opened(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	sol_case_open(ladder, case_name(step, event), event->time_ms);
}

static void on_closed(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	sol_case_close(ladder, case_name(step, event), event->time_ms);
}

/* What waits with the scheduler ends there: the segmenter tells it. */
static void on_merged(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	(void)step;
	(void)event;
	*ladder = (struct sol_ladder){.merged = true, .erased_ms = ladder->erased_ms};
}

/* The instant is left, so that what was before it stays forgotten. */
static void on_erased(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	*ladder = (struct sol_ladder){.erased_ms = event->time_ms, .merged = ladder->merged};
	step->forgets = true;
}

typedef void (*event_handler)(struct step *step, struct sol_ladder *ladder,
			      const Nurture__V1__Event *event);

static event_handler handler_of(const char *type)
{
	static const struct {
		const char *type;
		event_handler handler;
	} handlers[] = {
	    {"order.placed", on_placed},      {"order.updated", on_updated},
	    {"order.delivered", on_delivered},
	    {"order.cancelled", on_gone},     {"order.refunded", on_gone},
	    {"order.late", on_late},          {"return.opened", on_opened},
	    {"return.closed", on_closed},     {"complaint.opened", on_opened},
	    {"complaint.closed", on_closed},  {"feedback.received", sol_answer},
	    {"review.published", sol_answer}, {"referral.made", sol_referred},
	    {"customer.merged", on_merged},   {"customer.erased", on_erased},
	};

	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (strcmp(handlers[i].type, type) == 0)
			return handlers[i].handler;
	return NULL;
}

static void finish(struct step *step, struct sol_ladder *ladder)
{
	const struct feedback *rules = rules_of(step);
	struct slice state;

	sol_ladder_prune(ladder, rules, step->now_ms);
	state = sol_ladder_encode(ladder, step->arena);
	/* A timer is used up, so its successor must be named. */
	if (step->kind != STEP_RECORD || !slice_equal(state, step->state))
		step_store(step, state,
			   state.len ? sol_ladder_due_ms(ladder, rules, step->now_ms) : NEVER_MS);
}

static int on_record(struct step *step, struct err *err)
{
	Nurture__V1__Event *event;
	struct sol_ladder ladder;
	struct err why;
	event_handler handler;
	int64_t claimed_ms;

	if (event_decode(step->value, step->arena, &event, &why) < 0 || !event->customer ||
	    !slice_equal(slice_text(event->customer->id), step->customer) || event->time_ms <= 0 ||
	    event->time_ms > TIME_MAX_MS)
		return 0;
	claimed_ms = event->time_ms;
	event_arrive(event, step->arrived_ms);
	handler = handler_of(event->type);
	if (!handler || (rules_of(step)->off && handler != on_erased))
		return 0;
	if (sol_ladder_decode(step->state, step->arena, &ladder, err) < 0)
		return -1;
	if (ladder.erased_ms && claimed_ms <= ladder.erased_ms)
		return 0; /* it was before that, however late it is told */
	if (step->arrived_ms)
		sol_ladder_heal(&ladder, step->arrived_ms);
	if (ladder.merged && handler != on_erased)
		return 0;
	sol_ladder_prune(&ladder, rules_of(step), step->now_ms);
	handler(step, &ladder, event);
	finish(step, &ladder);
	return 0;
}

static void fire_order(struct step *step, struct sol_ladder *ladder, struct sol_order *order)
{
	if (rules_of(step)->off) { /* switched off since: do not come back with it later */
		order->phase = SOL_SETTLED;
		order->at_ms = step->now_ms;
		return;
	}
	if (order->phase == SOL_WAITING || order->phase == SOL_PLACED) {
		if (order->phase == SOL_PLACED)
			order->delivered_ms = order->ends_ms;
		order->phase = SOL_ASKED;
		ladder->last_ask_ms = step->now_ms;
		sol_plan_alike(step, ladder, order->id, step->now_ms, order->delivered_ms);
	} else if (step->kind == STEP_ANEW && sol_order_due_ms(order, rules_of(step)) +
						      rules_of(step)->expires_ms <= step->now_ms) {
		/* Reminders are new, and this one would come when the ask is forgotten. */
		order->reminders = rules_of(step)->reminders;
		return;
	} else {
		order->reminders++;
	}
	order->at_ms = step->now_ms;
	sol_emit_ask(step, order->id, order->reminders, order->delivered_ms);
}

static void fire_rung(struct step *step, struct sol_ladder *ladder, struct sol_rung *rung)
{
	const struct feedback *rules = rules_of(step);
	bool known = false;

	for (unsigned i = 0; i < rules->rung_count; i++)
		known = known || strcmp(rules->ladder[i].name, rung->name) == 0;
	if (!known || rules->off) {
		sol_rung_remove(ladder, rung);
		return;
	}
	sol_emit_rung(step, rung->name, rung->order, rung->triggered_ms);
	rung->triggered_ms = 0;
	rung->asked_ms = ladder->last_ask_ms = step->now_ms;
}

static void on_timer(struct step *step)
{
	const struct feedback *rules = rules_of(step);
	struct sol_ladder ladder;
	struct err why;

	/* Unreadable: it stays as it is, and the customer's next event says so. */
	if (sol_ladder_decode(step->state, step->arena, &ladder, &why) < 0)
		return;
	sol_ladder_prune(&ladder, rules, step->now_ms);
	if (!sol_case_any_open(&ladder)) {
		for (size_t i = 0; i < ladder.order_count; i++)
			if (sol_order_due_ms(&ladder.orders[i], rules) <= step->now_ms)
				fire_order(step, &ladder, &ladder.orders[i]);
		for (size_t i = ladder.rung_count; i-- > 0;)
			if (ladder.rungs[i].triggered_ms &&
			    ladder.rungs[i].asked_ms <= step->now_ms)
				fire_rung(step, &ladder, &ladder.rungs[i]);
	}
	finish(step, &ladder);
}

int sol_step(struct step *step, struct err *err)
{
	switch (step->kind) {
	case STEP_RECORD:
		return on_record(step, err);
	case STEP_TIMER:
	case STEP_ANEW: /* the rules of reminders and of what is kept are other ones */
		on_timer(step);
		return 0;
	case STEP_RESULT:
		return 0; /* it has no effects */
	}
	return 0;
}
