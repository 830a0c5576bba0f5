/* orders.c - see orders.h. */
#include "orders.h"

#include <stdlib.h>

#include "answer.h"
#include "asks.h"
#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/message/event_key.h"
#include "common/policy/case_name.h"
#include "common/policy/contents.h"
#include "common/policy/event_type.h"
#include "ladder.h"
#include "step.h"

#define TIME_MAX_MS INT64_C(253402300799999) /* the end of year 9999 */

static const struct policy *policy_of(const struct step *step)
{
	return ((const struct solicitor *)step->context)->policy;
}

static const struct feedback *rules_of(const struct step *step)
{
	return &policy_of(step)->feedback;
}

static int64_t category_wait_ms(const struct feedback *rules, const char *category)
{
	for (unsigned i = 0; i < rules->category_count; i++)
		if (strcmp(rules->categories[i].category, category) == 0)
			return rules->categories[i].window_ms;
	return rules->wait_ms;
}

/* The order waits as long as the item that takes longest to try. */
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

const char *sol_order_named(const Nurture__V1__Event *event)
{
	if (event->order && event->order->id[0])
		return event->order->id;
	return event->case_ ? event->case_->order : "";
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

/*
 * Returns the order, and adds it when no event spoke of it before; NULL when the event names none.
 */
static struct sol_order *order_of(const struct step *step, struct sol_ladder *ladder,
				  const Nurture__V1__Event *event)
{
	const char *id = sol_order_named(event);
	struct sol_order *order = sol_order_find(ladder, id);

	if (!id[0])
		return NULL;
	if (!order) {
		order = sol_order_add(ladder, id);
		order->phase = SOL_PLACED;
		order->at_ms = event->time_ms;
		order->wait_ms = rules_of(step)->wait_ms;
	}
	if (event->order)
		parcels_say(&order->parcels, event->order->parcels);
	return order;
}

/* All of it was cancelled or given back. */
static void end(struct step *step, struct sol_ladder *ladder, struct sol_order *order,
		const char *reason)
{
	const char *id = order->id;
	bool rung_asked;

	sol_case_drop(ladder, case_late_name(id, step->arena));
	if (order->phase == SOL_GONE)
		return;
	if (order->phase == SOL_LOW) {
		/* All but the call, which is not taken back. */
		order->gone = true;
		sol_rungs_cancel(step, ladder, id, reason);
		return;
	}
	rung_asked = sol_rungs_end(ladder, id);
	if (rung_asked || order->phase == SOL_ASKED)
		sol_emit_cancel_order(step, id, reason);
	sol_order_end(order, SOL_GONE, step->now_ms);
}

/* Ends the order when nothing of it is left, whichever event said so last. */
static void weigh(struct step *step, struct sol_ladder *ladder, struct sol_order *order)
{
	uint32_t shop = currency_code(policy_of(step)->shop.currency);

	if (refund_is_whole(order->amount_e4,
			    refunds_sum_e4(&order->refunds, order->currency, shop)))
		end(step, ladder, order, event_type_text(EVENT_ORDER_REFUNDED));
}

/* A delivery notice often does not say what was delivered: note it while we know. */
static void note_contents(struct step *step, struct sol_order *order,
			  const Nurture__V1__Event *event)
{
	const Nurture__V1__Order *said = event->order;
	struct contents_word word = {.time_ms = event->time_ms};
	struct err ignored; /* the event was checked */
	bool takes_amount, takes_items;

	if (!said)
		return;
	word.has_items = said->n_items > 0;
	word.has_amount = said->amount[0] &&
			  text_money_e4(slice_text(said->amount), &word.amount_e4, &ignored) == 0;
	takes_amount = contents_takes_amount(&word, order->amount_e4, order->amount_ms);
	takes_items = contents_takes_items(&word, order->items_ms, takes_amount);
	if (takes_amount) {
		order->amount_e4 = word.amount_e4;
		order->amount_ms = event->time_ms;
		order->currency = currency_code(said->currency);
	}
	if (order->phase != SOL_PLACED)
		return;
	if (takes_items) {
		order->wait_ms = order_wait_ms(rules_of(step), said);
		order->items_ms = event->time_ms;
	}
	note_end(step, order, event);
}

void sol_on_placed(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	struct sol_order *order = order_of(step, ladder, event);

	if (!order)
		return;
	note_contents(step, order, event);
	weigh(step, ladder, order);
}

void sol_on_updated(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	sol_on_placed(step, ladder, event);
}

void sol_on_shipped(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	struct sol_order *order;

	/* The event matters for the order's parcels alone. */
	if (!event->order || (!event->order->parcels && !event->order->parcel[0]))
		return;
	order = order_of(step, ladder, event);
	if (order && event->order->parcel[0])
		parcels_note(&order->parcels, event->order->parcel, false, step->arena);
}

/* Notes the parcel; false while other parcels are still to come. */
static bool note_parcel(struct step *step, struct sol_order *order, const Nurture__V1__Event *event)
{
	if (!event->order || !event->order->parcel[0])
		return true;
	parcels_note(&order->parcels, event->order->parcel, true, step->arena);
	return parcels_are_there(&order->parcels);
}

void sol_on_delivered(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	const struct feedback *rules = rules_of(step);
	const char *id = sol_order_named(event);
	struct sol_order *order;

	/* An order that may have been forgotten may have been asked about. */
	if (!sol_order_find(ladder, id) && event->time_ms <= ladder->forgotten_ms) {
		step->ignored = STEP_IGNORED_OLD;
		return;
	}
	order = order_of(step, ladder, event);
	if (!order)
		return;
	if (event->order && event->order->n_items && order->phase == SOL_PLACED)
		order->wait_ms = order_wait_ms(rules, event->order);
	if (order->phase == SOL_PLACED && event->time_ms > order->delivered_ms)
		order->delivered_ms = event->time_ms;
	if (!note_parcel(step, order, event))
		return;
	sol_case_drop(ladder, case_late_name(id, step->arena));
	if (order->phase != SOL_PLACED)
		return;
	order->phase = SOL_WAITING;
	order->at_ms = order->delivered_ms + order->wait_ms;
	order->wait_ms = order->ends_ms = order->ends_told_ms = 0;
	/* News so old that an ask in time would have expired: an import, not a delivery. */
	if (order->at_ms + rules->expires_ms <= step->now_ms)
		sol_order_end(order, SOL_SETTLED, step->now_ms);
}

void sol_on_cancelled(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	struct sol_order *order = order_of(step, ladder, event);

	if (order)
		end(step, ladder, order, event->type);
}

/* A partial refund ends nothing: its customer is asked like everybody. */
void sol_on_refunded(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	const char *amount = event->order ? event->order->amount : "", *key;
	struct refund refund = {0};
	struct sol_order *order;
	struct err ignored; /* the event was checked */

	if (!*amount) {
		sol_on_cancelled(step, ladder, event);
		return;
	}
	if (text_money_e4(slice_text(amount), &refund.amount_e4, &ignored) < 0 ||
	    refund.amount_e4 == 0)
		return;
	order = order_of(step, ladder, event);
	if (!order)
		return;
	key = event_key(event, step->arena);
	refund.amount_e4 = llabs(refund.amount_e4);
	refund.event = hash64(slice_text(key));
	refund.currency = currency_code(event->order->currency);
	refunds_add(&order->refunds, refund, step->arena);
	weigh(step, ladder, order);
}

void sol_on_late(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	const char *id = sol_order_named(event), *name = case_late_name(id, step->arena);
	const struct sol_order *order = sol_order_find(ladder, id);

	/* An order is late from the first event that said so, however often it is repeated. */
	if (id[0] && (!order || order->phase == SOL_PLACED) && !sol_case_is_known(ladder, name))
		sol_case_open(
		    ladder, (struct sol_case){.name = name, .order = id, .at_ms = event->time_ms});
}
