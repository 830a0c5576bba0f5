/*
 * shop_facts.c - the facts of one order as events.
 *
 * Each fact has one id, whatever topic brings it; what a fact is about may have changed in words
 * since it was told first, which is why these events are marked as snapshots.
 */
#include "common/base/buf.h"
#include "common/base/hash.h"
#include "shop_order.h"

enum { HASH_DIGITS = 16, CONTENTS_MAX_BYTES = 256 * 1024 };

struct shop_order shop_order_none(void)
{
	return (struct shop_order){
	    .id = "",
	    .person = {.id = "", .email = "", .name = "", .locale = "", .country = ""},
	    .amount = "",
	    .kept_amount = "",
	    .currency = "",
	    .placed_ms = SHOP_NO_TIME,
	    .updated_ms = SHOP_NO_TIME,
	    .shipped_ms = SHOP_NO_TIME,
	    .delivered_ms = SHOP_NO_TIME,
	    .cancelled_ms = SHOP_NO_TIME,
	};
}

/* One order and the customer that all its events are about. */
struct telling {
	struct shop_reading *reading;
	const struct shop_order *order;
	const char *customer;
};

/* An event of the order; fact is the end of its id: "placed", "refund:77". */
static Nurture__V1__Event *tell(const struct telling *t, enum event_type type, const char *fact,
				int64_t time_ms)
{
	struct shop_reading *reading = t->reading;
	const char *suffix = arena_printf(reading->arena, "%s:%s", t->order->id, fact);
	Nurture__V1__Event *event =
	    shop_event_new(reading, event_type_text(type), suffix, time_ms, t->customer);

	shop_person_put(reading, &t->order->person, event->customer);
	shop_event_order(reading, event, t->order->id);
	return event;
}

static void put_amount(const struct telling *t, Nurture__V1__Order *order, const char *amount)
{
	order->currency = arena_text(t->reading->arena, t->order->currency);
	order->amount = arena_text(t->reading->arena,
				   shop_money(t->reading->arena, amount, t->order->currency));
}

static void tell_placed(const struct telling *t)
{
	Nurture__V1__Event *event = tell(t, EVENT_ORDER_PLACED, "placed", t->order->placed_ms);

	/* A box that was not ticked says nothing: it takes back no consent. */
	if (t->order->accepts_marketing)
		shop_consent_put(t->reading, event->customer, true);
	shop_person_default(t->reading, event->customer);
	put_amount(t, event->order, t->order->amount);
	shop_event_items(t->reading, event->order, &t->order->items, false);
	event->order->parcels = t->order->parcels;
	shop_event_add(t->reading, event);
}

/*
 * The same contents have the same id, so that a changed tag or note is no news. In Shopify a line
 * that an edit took out stays, with 0 of it, so contents never come again; in WooCommerce they may,
 * and the instant of the change tells the two apart.
 */
static const char *contents_id(const struct telling *t)
{
	struct buf contents = BUF_MAX(CONTENTS_MAX_BYTES);
	char id[ID_TEXT_BYTES];
	struct slice part;

	buf_printf(&contents, "%s %s %u", t->order->kept_amount, t->order->currency,
		   t->order->parcels);
	if (t->reading->kind == SHOP_WOOCOMMERCE)
		buf_printf(&contents, " %lld", (long long)t->order->updated_ms);
	for (size_t i = 0; i < t->order->items.count; i++)
		buf_printf(&contents, " %s=%lld", t->order->items.list[i].line,
			   (long long)t->order->items.list[i].kept_quantity);
	part = buf_slice(&contents);
	id_of(id, &part, 1);
	buf_free(&contents);
	return arena_printf(t->reading->arena, "updated:%.*s", HASH_DIGITS, id);
}

static void tell_updated(const struct telling *t)
{
	Nurture__V1__Event *event =
	    tell(t, EVENT_ORDER_UPDATED, contents_id(t), t->order->updated_ms);

	put_amount(t, event->order, t->order->kept_amount);
	shop_event_items(t->reading, event->order, &t->order->items, true);
	event->order->parcels = t->order->parcels;
	shop_event_add(t->reading, event);
}

static void tell_late(const struct telling *t, const struct shop_late *late)
{
	const char *fact = arena_printf(t->reading->arena, "late:%s", late->parcel);
	Nurture__V1__Event *event = tell(t, EVENT_ORDER_LATE, fact, late->time_ms);

	event->order->parcel = arena_text(t->reading->arena, late->parcel);
	shop_event_add(t->reading, event);
}

static void tell_refund(const struct telling *t, const struct shop_refund *refund)
{
	const char *fact = arena_printf(t->reading->arena, "refund:%s", refund->id);
	Nurture__V1__Event *event = tell(t, EVENT_ORDER_REFUNDED, fact, refund->time_ms);

	put_amount(t, event->order, refund->amount);
	shop_event_items(t->reading, event->order, &refund->items, false);
	/* Without an amount all of the order would be gone, which nobody has said. */
	if (*refund->amount && !*event->order->amount)
		shop_skip(t->reading, SHOP_SKIP_INVALID, "a refund whose amount is no number");
	else
		shop_event_add(t->reading, event);
}

static void tell_case(const struct telling *t, const struct shop_return *from, enum event_type type,
		      const char *word)
{
	struct shop_reading *reading = t->reading;
	const char *fact = arena_printf(reading->arena, "return:%s:%s", from->id, word);
	Nurture__V1__Event *event = tell(t, type, fact, from->time_ms);

	event->case_ = arena_alloc(reading->arena, sizeof(*event->case_));
	nurture__v1__case__init(event->case_);
	event->case_->id = arena_text(reading->arena, from->id);
	event->case_->order = event->order->id;
	shop_event_add(reading, event);
}

static void tell_return(const struct telling *t, const struct shop_return *from)
{
	tell_case(t, from, EVENT_RETURN_OPENED, "opened");
	if (from->is_closed)
		tell_case(t, from, EVENT_RETURN_CLOSED, "closed");
}

static void tell_way(const struct telling *t)
{
	const struct shop_order *order = t->order;

	if (order->is_shipped)
		shop_event_add(t->reading,
			       tell(t, EVENT_ORDER_SHIPPED, "shipped", order->shipped_ms));
	for (size_t i = 0; i < order->late_count; i++)
		tell_late(t, &order->late[i]);
	if (order->is_delivered)
		shop_event_add(t->reading,
			       tell(t, EVENT_ORDER_DELIVERED, "delivered", order->delivered_ms));
}

static void tell_end(const struct telling *t)
{
	const struct shop_order *order = t->order;

	for (size_t i = 0; i < order->return_count; i++)
		tell_return(t, &order->returns[i]);
	for (size_t i = 0; i < order->refund_count; i++)
		tell_refund(t, &order->refunds[i]);
	if (order->is_cancelled)
		shop_event_add(t->reading,
			       tell(t, EVENT_ORDER_CANCELLED, "cancelled", order->cancelled_ms));
}

static bool is_placed(const struct telling *t)
{
	return t->order->is_paid || (t->order->is_pending && t->reading->source->takes_pending);
}

static bool said_nothing(const struct shop_events *events)
{
	for (int i = 0; i < SHOP_SKIP_COUNT; i++)
		if (events->skipped[i])
			return false;
	return events->count == 0;
}

void shop_order_emit(struct shop_reading *reading, const struct shop_order *order)
{
	struct telling telling = {.reading = reading, .order = order};

	if (order->is_test && !reading->source->takes_tests) {
		shop_skip(reading, SHOP_SKIP_TEST_ORDER, NULL);
		return;
	}
	telling.customer = shop_person_key(reading, &order->person);
	if (!*telling.customer)
		return;
	if (is_placed(&telling)) {
		tell_placed(&telling);
		if (order->is_edited && !order->is_cancelled)
			tell_updated(&telling);
	}
	tell_way(&telling);
	tell_end(&telling);
	if (said_nothing(reading->events))
		shop_skip(reading, SHOP_SKIP_NO_FACT, NULL);
}
