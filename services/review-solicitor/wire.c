/* wire.c - see wire.h. */
#include "wire.h"

#include "common/codec/protobuf_message.h"
#include "common/codec/state_version.h"
#include "wire_version.h"

static struct refunds refunds_of(const Nurture__V1__LadderOrder *from, struct arena *arena)
{
	struct refund *items = arena_alloc(arena, from->n_refund_event * sizeof(*items));

	for (size_t i = 0; i < from->n_refund_event; i++)
		items[i] = (struct refund){from->refund_event[i], from->refund_amount_e4[i],
					   from->refund_currency[i]};
	return (struct refunds){items, (unsigned)from->n_refund_event};
}

static void orders_of(const Nurture__V1__Ladder *from, struct arena *arena, struct sol_ladder *to)
{
	to->orders = arena_zalloc(arena, (from->n_orders + 1) * sizeof(*to->orders));
	for (size_t i = 0; i < from->n_orders; i++) {
		const Nurture__V1__LadderOrder *order = from->orders[i];

		to->orders[to->order_count++] = (struct sol_order){
		    .id = order->id,
		    .phase = (enum sol_phase)order->phase,
		    .gone = order->gone,
		    .at_ms = order->at_ms,
		    .delivered_ms = order->delivered_ms,
		    .wait_ms = order->wait_ms,
		    .ends_ms = order->ends_ms,
		    .ends_told_ms = order->ends_told_ms,
		    .reminders = order->reminders,
		    .amount_e4 = order->amount_e4,
		    .amount_ms = order->amount_ms,
		    .items_ms = order->items_ms,
		    .currency = order->currency,
		    .refunds = refunds_of(order, arena),
		    .asked_as = order->asked_as,
		    .parcels = {order->parcel, (unsigned)order->n_parcel, order->parcels},
		};
	}
}

static void cases_of(const Nurture__V1__Ladder *from, struct arena *arena, struct sol_ladder *to)
{
	to->cases = arena_zalloc(arena, (from->n_cases + 1) * sizeof(*to->cases));
	for (size_t i = 0; i < from->n_cases; i++)
		to->cases[to->case_count++] = (struct sol_case){
		    .name = from->cases[i]->name,
		    .order = from->cases[i]->order,
		    .at_ms = from->cases[i]->at_ms,
		    .closed = from->cases[i]->closed,
		};
}

static void rungs_of(const Nurture__V1__Ladder *from, struct arena *arena, struct sol_ladder *to)
{
	to->rungs = arena_zalloc(arena, (from->n_rungs + SOL_RUNGS_ADDED) * sizeof(*to->rungs));
	for (size_t i = 0; i < from->n_rungs; i++)
		to->rungs[to->rung_count++] = (struct sol_rung){
		    .name = from->rungs[i]->name,
		    .order = from->rungs[i]->order,
		    .asked_ms = from->rungs[i]->asked_ms,
		    .triggered_ms = from->rungs[i]->triggered_ms,
		    .asked_as = from->rungs[i]->asked_as,
		};
}

static void dedup_of(const Nurture__V1__Ladder *from, struct arena *arena, struct sol_ladder *to)
{
	to->dedup = arena_zalloc(arena, (from->n_dedup + 1) * sizeof(*to->dedup));
	if (from->n_dedup)
		memcpy(to->dedup, from->dedup, from->n_dedup * sizeof(*to->dedup));
	to->dedup_count = from->n_dedup;
}

static void items_of(const Nurture__V1__Ladder *from, struct arena *arena, struct sol_ladder *to)
{
	to->items = arena_alloc(arena, (from->n_items + 1) * sizeof(*to->items));
	if (from->n_items)
		memcpy(to->items, from->items, from->n_items * sizeof(*to->items));
	to->item_count = from->n_items;
}

static void erasures_of(const Nurture__V1__Ladder *from, struct arena *arena, struct sol_ladder *to)
{
	to->erased_ms = from->erased_ms;
	to->erased_events = arena_zalloc(arena, SOL_ERASED_MAX * sizeof(*to->erased_events));
	if (from->n_erased_event)
		memcpy(to->erased_events, from->erased_event,
		       from->n_erased_event * sizeof(*to->erased_events));
	to->erased_event_count = from->n_erased_event;
}

/* Far enough from the ends of int64_t for any sum of a time and a policy's durations. */
static bool is_time(int64_t ms)
{
	return ms >= 0 && ms <= INT64_C(1000000000000000);
}

static bool order_is_sound(const Nurture__V1__LadderOrder *order)
{
	return (unsigned)order->phase < SOL_PHASE_COUNT && is_time(order->at_ms) &&
	       is_time(order->delivered_ms) && is_time(order->wait_ms) && is_time(order->ends_ms) &&
	       is_time(order->ends_told_ms) && order->reminders <= SOL_REMINDERS_MAX &&
	       is_time(order->amount_ms) && is_time(order->items_ms) &&
	       order->n_refund_event <= REFUNDS_MAX &&
	       order->n_refund_amount_e4 == order->n_refund_event &&
	       order->n_refund_currency == order->n_refund_event &&
	       order->n_parcel <= PARCELS_MAX && order->parcels <= PARCELS_MAX;
}

static int check(const Nurture__V1__Ladder *ladder, struct err *err)
{
	if (ladder->n_orders > SOL_ORDERS_MAX || ladder->n_cases > SOL_CASES_MAX ||
	    ladder->n_dedup > SOL_DEDUP_MAX || ladder->n_items > SOL_ITEMS_MAX)
		return err_set(err,
			       "ladder: %zu orders, %zu cases, %zu event ids, %zu items: more than "
			       "was stored",
			       ladder->n_orders, ladder->n_cases, ladder->n_dedup, ladder->n_items);
	for (size_t i = 0; i < ladder->n_orders; i++)
		if (!order_is_sound(ladder->orders[i]))
			return err_set(err, "ladder: orders[%zu]: not a phase, time or count", i);
	for (size_t i = 0; i < ladder->n_cases; i++)
		if (!is_time(ladder->cases[i]->at_ms))
			return err_set(err, "ladder: cases[%zu].at_ms: not a time", i);
	for (size_t i = 0; i < ladder->n_rungs; i++)
		if (!is_time(ladder->rungs[i]->asked_ms) ||
		    !is_time(ladder->rungs[i]->triggered_ms))
			return err_set(err, "ladder: rungs[%zu]: not a time", i);
	for (size_t i = 0; i < ladder->n_items; i++)
		if (!is_time(ladder->items[i]->at_ms) || !is_time(ladder->items[i]->changed_ms))
			return err_set(err, "ladder: items[%zu]: not a time", i);
	if (!is_time(ladder->erased_ms))
		return err_set(err, "ladder: erased_ms: not a time");
	if (ladder->n_erased_event > SOL_ERASED_MAX)
		return err_set(err, "ladder: %zu erasures: more than are kept",
			       ladder->n_erased_event);
	if (!is_time(ladder->merged_ms))
		return err_set(err, "ladder: merged_ms: not a time");
	if (!is_time(ladder->forgotten_ms))
		return err_set(err, "ladder: forgotten_ms: not a time");
	return is_time(ladder->last_ask_ms) ? 0 : err_set(err, "ladder: last_ask_ms: not a time");
}

static Nurture__V1__Ladder *unpack(struct slice bytes, struct arena *arena, struct err *err)
{
	unsigned version = state_version_take(&bytes);
	Nurture__V1__Ladder *stored = NULL;

	if (state_version_is_newer(version, SOL_VERSION))
		err_environment(err, "ladder: of version %u, which only a newer build knows",
				version);
	else if (version > SOL_VERSION ||
		 !(stored = message_unpack(&nurture__v1__ladder__descriptor, bytes, arena)))
		err_set(err, "ladder: not readable (%zu bytes)", bytes.len);
	for (size_t i = 0; stored && version > SOL_FIRST_VERSION && i < stored->n_orders; i++)
		sol_order_to_first_version(stored->orders[i]);
	return stored;
}

int sol_ladder_decode(struct slice bytes, struct arena *arena, struct sol_ladder *ret,
		      struct err *err)
{
	struct sol_ladder ladder = {0};
	Nurture__V1__Ladder *stored;

	if (bytes.len > SOL_STATE_MAX_BYTES)
		return err_set(err, "ladder: %zu bytes, more than %d", bytes.len,
			       SOL_STATE_MAX_BYTES);
	stored = unpack(bytes, arena, err);
	if (!stored || check(stored, err) < 0)
		return -1;
	orders_of(stored, arena, &ladder);
	cases_of(stored, arena, &ladder);
	rungs_of(stored, arena, &ladder);
	dedup_of(stored, arena, &ladder);
	ladder.last_ask_ms = stored->last_ask_ms;
	ladder.forgotten_ms = stored->forgotten_ms;
	ladder.merged = stored->merged;
	ladder.merged_into = stored->merged_into;
	ladder.merged_ms = stored->merged_ms;
	items_of(stored, arena, &ladder);
	erasures_of(stored, arena, &ladder);
	*ret = ladder;
	return 0;
}

static char *text_or_none(const char *text)
{
	return text ? (char *)text : (char *)protobuf_c_empty_string;
}

/* Stores what the order costs, what came back of it, and in how many parcels it comes. */
static void put_contents(const struct sol_order *from, struct arena *arena,
			 Nurture__V1__LadderOrder *to)
{
	size_t count = from->refunds.count;

	to->amount_e4 = from->amount_e4;
	to->amount_ms = from->amount_ms;
	to->items_ms = from->items_ms;
	to->currency = from->currency;
	to->parcels = from->parcels.said;
	to->parcel = from->parcels.items;
	to->n_parcel = from->parcels.count;
	to->refund_event = arena_alloc(arena, count * sizeof(*to->refund_event));
	to->refund_amount_e4 = arena_alloc(arena, count * sizeof(*to->refund_amount_e4));
	to->refund_currency = arena_alloc(arena, count * sizeof(*to->refund_currency));
	to->n_refund_event = to->n_refund_amount_e4 = to->n_refund_currency = count;
	for (size_t i = 0; i < count; i++) {
		to->refund_event[i] = from->refunds.items[i].event;
		to->refund_amount_e4[i] = from->refunds.items[i].amount_e4;
		to->refund_currency[i] = from->refunds.items[i].currency;
	}
}

static void put_orders(const struct sol_ladder *from, struct arena *arena, Nurture__V1__Ladder *to)
{
	Nurture__V1__LadderOrder *orders = arena_alloc(arena, from->order_count * sizeof(*orders));

	to->orders = arena_alloc(arena, from->order_count * sizeof(*to->orders));
	to->n_orders = from->order_count;
	for (size_t i = 0; i < from->order_count; i++) {
		const struct sol_order *order = &from->orders[i];

		nurture__v1__ladder_order__init(&orders[i]);
		orders[i].id = (char *)order->id;
		orders[i].phase = (Nurture__V1__LadderPhase)order->phase;
		orders[i].gone = order->gone;
		orders[i].at_ms = order->at_ms;
		orders[i].delivered_ms = order->delivered_ms;
		orders[i].reminders = order->reminders;
		orders[i].wait_ms = order->wait_ms;
		orders[i].ends_ms = order->ends_ms;
		orders[i].ends_told_ms = order->ends_told_ms;
		orders[i].asked_as = text_or_none(order->asked_as);
		put_contents(order, arena, &orders[i]);
		sol_order_to_second_version(&orders[i]);
		to->orders[i] = &orders[i];
	}
}

static void put_cases(const struct sol_ladder *from, struct arena *arena, Nurture__V1__Ladder *to)
{
	Nurture__V1__LadderCase *cases = arena_alloc(arena, from->case_count * sizeof(*cases));

	to->cases = arena_alloc(arena, from->case_count * sizeof(*to->cases));
	to->n_cases = from->case_count;
	for (size_t i = 0; i < from->case_count; i++) {
		nurture__v1__ladder_case__init(&cases[i]);
		cases[i].name = (char *)from->cases[i].name;
		cases[i].order = (char *)from->cases[i].order;
		cases[i].at_ms = from->cases[i].at_ms;
		cases[i].closed = from->cases[i].closed;
		to->cases[i] = &cases[i];
	}
}

static void put_rungs(const struct sol_ladder *from, struct arena *arena, Nurture__V1__Ladder *to)
{
	Nurture__V1__LadderRung *rungs = arena_alloc(arena, from->rung_count * sizeof(*rungs));

	to->rungs = arena_alloc(arena, from->rung_count * sizeof(*to->rungs));
	to->n_rungs = from->rung_count;
	for (size_t i = 0; i < from->rung_count; i++) {
		nurture__v1__ladder_rung__init(&rungs[i]);
		rungs[i].name = (char *)from->rungs[i].name;
		rungs[i].order = (char *)from->rungs[i].order;
		rungs[i].asked_ms = from->rungs[i].asked_ms;
		rungs[i].triggered_ms = from->rungs[i].triggered_ms;
		rungs[i].asked_as = text_or_none(from->rungs[i].asked_as);
		to->rungs[i] = &rungs[i];
	}
}

struct slice sol_ladder_encode(const struct sol_ladder *ladder, struct arena *arena)
{
	Nurture__V1__Ladder to = NURTURE__V1__LADDER__INIT;

	/* Without these three the rest says nothing. */
	if (!ladder->order_count && !ladder->case_count && !ladder->rung_count &&
	    !ladder->item_count && !ladder->merged && !ladder->erased_ms)
		return slice_of(NULL, 0);
	put_orders(ladder, arena, &to);
	put_cases(ladder, arena, &to);
	put_rungs(ladder, arena, &to);
	to.items = ladder->items;
	to.n_items = ladder->item_count;
	to.dedup = ladder->dedup;
	to.n_dedup = ladder->dedup_count;
	to.last_ask_ms = ladder->last_ask_ms;
	to.forgotten_ms = ladder->forgotten_ms;
	to.merged = ladder->merged;
	to.merged_into = text_or_none(ladder->merged_into);
	to.merged_ms = ladder->merged_ms;
	to.erased_ms = ladder->erased_ms;
	to.erased_event = ladder->erased_events;
	to.n_erased_event = ladder->erased_event_count;
	/* A build that does not know items would drop them, and nothing would find them on their topic. */
	return state_version_put(to.n_items ? SOL_VERSION : SOL_SECOND_VERSION,
				 message_pack(&to, arena), arena);
}

struct slice sol_request_encode(const Nurture__V1__Request *request, int64_t now_ms,
				struct arena *arena)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;

	record.time_ms = (uint64_t)now_ms;
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_REQUEST;
	record.request = (Nurture__V1__Request *)request;
	return message_pack(&record, arena);
}

struct slice sol_cancel_encode(const Nurture__V1__Cancel *cancel, int64_t now_ms,
			       struct arena *arena)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;

	record.time_ms = (uint64_t)now_ms;
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_CANCEL;
	record.cancel = (Nurture__V1__Cancel *)cancel;
	return message_pack(&record, arena);
}
