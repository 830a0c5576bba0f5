/* step.c - see step.h. */
#include "step.h"

#include "answer.h"
#include "asks.h"
#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/message/event.h"
#include "common/message/event_authority.h"
#include "common/message/event_key.h"
#include "common/message/handover.h"
#include "common/policy/case_event.h"
#include "common/policy/case_name.h"
#include "common/policy/event_type.h"
#include "erasure.h"
#include "heal.h"
#include "items.h"
#include "ladder.h"
#include "merge.h"
#include "orders.h"
#include "unite.h"

#define TIME_MAX_MS INT64_C(253402300799999) /* the end of year 9999 */

static const struct policy *policy_of(const struct step *step)
{
	return ((const struct solicitor *)step->context)->policy;
}

static const struct feedback *rules_of(const struct step *step)
{
	return &policy_of(step)->feedback;
}

static uint64_t hash_of(const struct step *step, const Nurture__V1__Event *event)
{
	return hash64(slice_text(event_key(event, step->arena)));
}

static struct case_event case_event_of(const Nurture__V1__Event *event)
{
	return (struct case_event){event->type, event->case_ ? event->case_->id : "",
				   sol_order_named(event)};
}

static void on_opened(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	struct case_event said = case_event_of(event);

	if (case_closed_early_ms(&said, sol_case_list(ladder), step->arena) < event->time_ms)
		sol_case_open(ladder,
			      (struct sol_case){
				  .name = case_name(said.type, said.id, said.order, step->arena),
				  .order = said.order,
				  .at_ms = event->time_ms,
			      });
}

static void on_closed(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	struct case_event said = case_event_of(event);
	struct case_closing closing = case_closing(&said, sol_case_list(ladder), step->arena);
	struct sol_case closed = {.order = said.order, .at_ms = event->time_ms};

	if (closing.all_of_order)
		sol_cases_close(ladder, said.type, said.order, event->time_ms);
	if ((closed.name = closing.unnamed))
		sol_case_close(ladder, closed);
	if ((closed.name = closing.name))
		sol_case_close(ladder, closed);
}

/*
 * What waits in the scheduler goes on, or ends, there, since the segmenter tells it of the merger.
 */
static void on_merged(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	if (sol_hands_over(step)) {
		sol_hand_over(step, ladder, event);
		return;
	}
	/* Nobody would take them away later. */
	sol_items_take_away(step, ladder);
	*ladder = (struct sol_ladder){.merged = true,
				      .erased_ms = ladder->erased_ms,
				      .erased_events = ladder->erased_events,
				      .erased_event_count = ladder->erased_event_count};
}

/* Kept is what is said whether or not we have asked for it. */
static void on_said(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	sol_items_hear(step, ladder, event);
	if (!rules_of(step)->off)
		sol_answer(step, ladder, event);
}

/* Only the instant is left, so that what happened before it stays forgotten. */
static void on_erased(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	sol_items_take_away(step, ladder);
	sol_erasure_hear(ladder, hash_of(step, event), event->time_ms);
	/* The erasure itself was passed on, and what comes now is a new person's. */
	if (sol_has_moved(ladder))
		ladder->merged = false;
	ladder->merged_into = "";
	ladder->merged_ms = 0;
	step->forgets = true;
}

typedef void (*event_handler)(struct step *step, struct sol_ladder *ladder,
			      const Nurture__V1__Event *event);

/* Returns NULL for an event that means nothing to the ladder. */
static event_handler handler_of(const char *type)
{
	/* clang-format off */
	static const event_handler handlers[EVENT_TYPE_COUNT + 1] = {
	    [EVENT_ORDER_PLACED] = sol_on_placed,
	    [EVENT_ORDER_UPDATED] = sol_on_updated,
	    [EVENT_ORDER_SHIPPED] = sol_on_shipped,
	    [EVENT_ORDER_DELIVERED] = sol_on_delivered,
	    [EVENT_ORDER_CANCELLED] = sol_on_cancelled,
	    [EVENT_ORDER_REFUNDED] = sol_on_refunded,
	    [EVENT_ORDER_LATE] = sol_on_late,
	    [EVENT_RETURN_OPENED] = on_opened,
	    [EVENT_RETURN_CLOSED] = on_closed,
	    [EVENT_COMPLAINT_OPENED] = on_opened,
	    [EVENT_COMPLAINT_CLOSED] = on_closed,
	    [EVENT_FEEDBACK_RECEIVED] = on_said,
	    [EVENT_FEEDBACK_TAGGED] = sol_items_change,
	    [EVENT_FEEDBACK_ANSWERED] = sol_items_change,
	    [EVENT_FEEDBACK_ARCHIVED] = sol_items_change,
	    [EVENT_REVIEW_PUBLISHED] = on_said,
	    [EVENT_REFERRAL_MADE] = sol_referred,
	    [EVENT_CUSTOMER_MERGED] = on_merged,
	    [EVENT_CUSTOMER_ERASED] = on_erased,
	};
	/* clang-format on */

	return handlers[event_type_of(type)];
}

static void finish(struct step *step, struct sol_ladder *ladder)
{
	const struct policy *policy = policy_of(step);
	struct slice state;

	sol_ladder_prune(ladder, policy, step->now_ms);
	state = sol_ladder_encode(ladder, step->arena);
	/* A timer is used up, so its successor must be named. */
	if (step->kind != STEP_RECORD || !slice_equal(state, step->state))
		step_store(step, state,
			   state.len ? sol_ladder_due_ms(ladder, policy, step->now_ms) : NEVER_MS);
}

/* Nobody is asked about what was imported: a delivery before live events began, an old answer. */
static void settle_history(const struct step *step, struct sol_ladder *ladder,
			   const Nurture__V1__Event *event)
{
	for (size_t i = 0; i < ladder->order_count; i++) {
		struct sol_order *order = &ladder->orders[i];

		if (order->phase == SOL_WAITING && order->delivered_ms < event->live_from_ms)
			sol_order_end(order, SOL_SETTLED, step->now_ms);
		else if (order->phase == SOL_PLACED && order->ends_ms < event->live_from_ms)
			order->ends_ms = 0; /* a stay that has ended */
	}
	for (size_t i = ladder->rung_count; i-- > 0;) {
		struct sol_rung *rung = &ladder->rungs[i];

		if (rung->triggered_ms && (rung->triggered_ms < event->live_from_ms ||
					   rung->triggered_ms == event->time_ms))
			sol_rung_remove(ladder, rung);
	}
}

/* An event that means something to the ladder. */
static void hear(struct step *step, struct sol_ladder *ladder, Nurture__V1__Event *event)
{
	event_handler handler = handler_of(event->type);
	int64_t claimed_ms = event->time_ms;

	event_arrive(event, step->arrived_ms);
	if (sol_erasure_covers(ladder, event, hash_of(step, event), claimed_ms)) {
		step->ignored = STEP_IGNORED_ERASED;
		return; /* it was before that, however late it is told */
	}
	if (step->arrived_ms)
		sol_ladder_heal(ladder, step->arrived_ms);
	if (sol_has_moved(ladder) && sol_hands_over(step) && handler != on_merged)
		sol_pass_event(step, ladder);
	if (ladder->merged && handler != on_erased &&
	    !(handler == on_merged && sol_has_moved(ladder)))
		return;
	sol_ladder_prune(ladder, policy_of(step), step->now_ms);
	handler(step, ladder, event);
	if (claimed_ms < event->live_from_ms)
		settle_history(step, ladder, event);
	finish(step, ladder);
}

/* Does the event mean anything to the ladder, with these rules? */
static bool is_heard(const struct step *step, const Nurture__V1__Event *event)
{
	event_handler handler = handler_of(event->type);

	return event->time_ms > 0 && event->time_ms <= TIME_MAX_MS && handler &&
	       (!rules_of(step)->off || handler == on_erased || handler == on_said ||
		handler == sol_items_change || handler == on_merged);
}

static int on_record(struct step *step, struct err *err)
{
	Nurture__V1__Event *event;
	struct sol_ladder ladder;
	struct err why;

	if (event_decode(step->value, step->arena, &event, &why) < 0 || !event->customer ||
	    !slice_equal(slice_text(event->customer->id), step->customer) || !is_heard(step, event))
		return 0;
	if (sol_ladder_decode(step->state, step->arena, &ladder, err) < 0)
		return -1;
	hear(step, &ladder, event);
	return 0;
}

/*
 * Was it of a person who was erased under this id since?  The id that lives need not know of that.
 */
static bool is_erased_here(struct step *step, const struct sol_ladder *ladder,
			   const Nurture__V1__Handover *handover)
{
	Nurture__V1__Event *event;
	struct err err;

	if (!ladder->erased_ms)
		return false;
	if (!handover->record.len)
		return handover_merged_ms(handover) <= ladder->erased_ms;
	return sol_handed_event(step, handover, &event, &err) == 0 &&
	       sol_erasure_covers(ladder, event, hash_of(step, event), event->time_ms);
}

/* What an ended id hands over to this customer: its ladder, or an event that came for it later. */
static int on_handed(struct step *step, struct err *err)
{
	Nurture__V1__Handover *handover;
	Nurture__V1__Event *event;
	struct sol_ladder ladder, other;

	if (handover_decode(step->value, step->arena, &handover, err) < 0 ||
	    sol_ladder_decode(step->state, step->arena, &ladder, err) < 0)
		return -1;
	if (sol_has_moved(&ladder) && is_erased_here(step, &ladder, handover)) {
		step->ignored = STEP_IGNORED_ERASED;
		return 0;
	}
	if (sol_has_moved(&ladder) && sol_goes_on(step, &ladder, handover))
		return 0;
	if (handover->record.len) {
		if (sol_handed_event(step, handover, &event, err) < 0)
			return -1;
		if (is_heard(step, event))
			hear(step, &ladder, event);
		return 0;
	}
	if (sol_ladder_decode(slice_of(handover->state.data, handover->state.len), step->arena,
			      &other, err) < 0)
		return err_prefix(err, "$.state");
	if (!ladder.erased_ms || handover_merged_ms(handover) > ladder.erased_ms)
		sol_ladder_unite(step, &ladder, &other, handover->path[0]);
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
	} else if (step->kind == STEP_REEVALUATE &&
		   sol_order_due_ms(order, rules_of(step)) + rules_of(step)->expires_ms <=
		       step->now_ms) {
		/* Reminders are new, and this one would come when the ask is forgotten. */
		order->reminders = rules_of(step)->reminders;
		return;
	} else {
		order->reminders++;
	}
	order->at_ms = step->now_ms;
	sol_emit_ask(step, order);
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
	rung->asked_as = "";
	rung->asked_ms = ladder->last_ask_ms = step->now_ms;
}

static int on_timer(struct step *step, struct err *err)
{
	const struct feedback *rules = rules_of(step);
	struct sol_ladder ladder;
	struct err why;

	/*
	 * A state that nobody can read stays as it is, and the customer's next event reports it; one
	 * that a newer build has written stops the service until that build runs.
	 */
	if (sol_ladder_decode(step->state, step->arena, &ladder, &why) < 0) {
		if (why.kind == ERR_ENVIRONMENT)
			*err = why;
		return why.kind == ERR_ENVIRONMENT ? -1 : 0;
	}
	sol_ladder_prune(&ladder, policy_of(step), step->now_ms);
	if (!sol_case_any_open(&ladder, policy_of(step), step->now_ms)) {
		for (size_t i = 0; i < ladder.order_count; i++)
			if (sol_order_due_ms(&ladder.orders[i], rules) <= step->now_ms)
				fire_order(step, &ladder, &ladder.orders[i]);
		for (size_t i = ladder.rung_count; i-- > 0;)
			if (ladder.rungs[i].triggered_ms &&
			    ladder.rungs[i].asked_ms <= step->now_ms)
				fire_rung(step, &ladder, &ladder.rungs[i]);
	}
	finish(step, &ladder);
	return 0;
}

int sol_step(struct step *step, struct err *err)
{
	switch (step->kind) {
	case STEP_RECORD:
		return step->input == SOL_HANDED ? on_handed(step, err) : on_record(step, err);
	case STEP_TIMER:
	case STEP_REEVALUATE: /* the rules of reminders and of what is kept are other ones */
		return on_timer(step, err);
	case STEP_RESULT:
		return 0; /* it has no effects */
	}
	return 0;
}
