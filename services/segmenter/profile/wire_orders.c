/*
 * wire_orders.c - see wire_parts.h: orders with their refunds and parcels, and what they are of.
 *
 * The refunds of all orders are one list, and so are the parcels: a column of the orders says how
 * many each one has.
 */
#include "wire_parts.h"

enum {
	FLAG_UNPLACED = 1,
	FLAG_WHOLE_GONE = 2,
	FLAG_FOREIGN = 4,
	FLAG_SHIPPED = 8,
	FLAG_CANCELLED = 16,
	FLAG_DELIVERED = 32,
	FLAG_WHOLE_REFUND = 64,
};

static uint64_t flags_of(const void *entry)
{
	const struct seg_order *order = entry;

	return (order->placed ? 0 : FLAG_UNPLACED) | (order->whole_gone ? FLAG_WHOLE_GONE : 0) |
	       (order->foreign ? FLAG_FOREIGN : 0) | (order->told_shipped ? FLAG_SHIPPED : 0) |
	       (order->told_cancelled ? FLAG_CANCELLED : 0) |
	       (order->told_delivered ? FLAG_DELIVERED : 0) |
	       (order->told_whole_refund ? FLAG_WHOLE_REFUND : 0);
}

static bool set_flags(void *entry, uint64_t flags)
{
	struct seg_order *order = entry;

	order->placed = !(flags & FLAG_UNPLACED);
	order->whole_gone = flags & FLAG_WHOLE_GONE;
	order->foreign = flags & FLAG_FOREIGN;
	order->told_shipped = flags & FLAG_SHIPPED;
	order->told_cancelled = flags & FLAG_CANCELLED;
	order->told_delivered = flags & FLAG_DELIVERED;
	order->told_whole_refund = flags & FLAG_WHOLE_REFUND;
	return true;
}

/* When something of an order was said, at `usual_ms` nearly always: that is 0. */
static uint64_t word_of(int64_t time_ms, int64_t usual_ms, int64_t order_ms)
{
	int64_t since;

	if (time_ms == usual_ms)
		return 0;
	if (time_ms == SEG_NEVER)
		return 1;
	since = time_ms - order_ms;
	return 2 + ((uint64_t)since << 1 ^ (since < 0 ? UINT64_MAX : 0)); /* zigzag */
}

static int64_t time_of_word(uint64_t word, int64_t usual_ms, int64_t order_ms)
{
	uint64_t since = word - 2;

	if (word == 0)
		return usual_ms;
	if (word == 1)
		return SEG_NEVER;
	return seg_sum(order_ms, (int64_t)(since >> 1 ^ (since & 1 ? UINT64_MAX : 0)));
}

/* The amount and the items are usually said with the placing. */
static int64_t usual_amount_ms(const struct seg_order *order)
{
	return order->placed && order->amount_e4 != 0 ? order->time_ms : SEG_NEVER;
}

static int64_t usual_items_ms(const struct seg_order *order)
{
	return order->placed && order->categories != 0 ? order->time_ms : SEG_NEVER;
}

static uint64_t amount_word(const void *entry)
{
	const struct seg_order *order = entry;

	return word_of(order->amount_ms, usual_amount_ms(order), order->time_ms);
}

static bool set_amount_word(void *entry, uint64_t word)
{
	struct seg_order *order = entry;

	order->amount_ms = time_of_word(word, usual_amount_ms(order), order->time_ms);
	return seg_is_time_or_never(order->amount_ms);
}

static uint64_t items_word(const void *entry)
{
	const struct seg_order *order = entry;

	return word_of(order->items_ms, usual_items_ms(order), order->time_ms);
}

static bool set_items_word(void *entry, uint64_t word)
{
	struct seg_order *order = entry;

	order->items_ms = time_of_word(word, usual_items_ms(order), order->time_ms);
	return seg_is_time_or_never(order->items_ms);
}

#define ENTRY struct seg_category
static const struct column category_columns[] = {
    COLUMN(TEXT, category, name),
    COLUMN(DATE, category_older_ms, older_ms),
};

#undef ENTRY
#define ENTRY struct seg_order
#define SINCE_ORDER(column, member) COLUMN_SINCE_OF(column, member, time_ms)
static const struct column order_columns[] = {
    COLUMN(TEXT, order_id, id),
    COLUMN(STEPS, order_ms, time_ms),
    COLUMN(NUMBER, order_amount_e4, amount_e4),
    COLUMN(NUMBER, order_categories, categories),
    COLUMN(NUMBER, order_returned, returned),
    COLUMN(SMALL, order_top, top),
    COLUMN_BY(order_flags, flags_of, set_flags),
    COLUMN(NUMBER, order_refunded_e4, refunded_e4),
    SINCE_ORDER(order_delivered_ms, delivered_ms),
    SINCE_ORDER(order_late_ms, late_ms),
    SINCE_ORDER(order_gone_ms, gone_ms),
    SINCE_ORDER(order_starts_ms, dates[SEG_STARTS].at_ms),
    SINCE_ORDER(order_starts_told_ms, dates[SEG_STARTS].told_ms),
    SINCE_ORDER(order_starts_done_ms, dates[SEG_STARTS].done_ms),
    SINCE_ORDER(order_ends_ms, dates[SEG_ENDS].at_ms),
    SINCE_ORDER(order_ends_told_ms, dates[SEG_ENDS].told_ms),
    SINCE_ORDER(order_ends_done_ms, dates[SEG_ENDS].done_ms),
    COLUMN(SMALL, order_currency, currency),
    /* They ask for the flags, the amount and the categories. */
    COLUMN_BY(order_amount_ms, amount_word, set_amount_word),
    COLUMN_BY(order_items_ms, items_word, set_items_word),
    COLUMN(SMALL, order_refunds, refunds.count),
    COLUMN(SMALL, order_parcels, parcels.said),
    COLUMN(SMALL, order_parcels_named, parcels.count),
};

#undef ENTRY
#define ENTRY struct refund
static const struct column refund_columns[] = {
    COLUMN(HASH, refund_event, event),
    COLUMN(NUMBER, refund_amount_e4, amount_e4),
    COLUMN(SMALL, refund_currency, currency),
};

static bool order_is_sound(const struct seg_order *order, unsigned category_count)
{
	return order->refunded_e4 >= 0 && order->amount_e4 != INT64_MIN &&
	       order->top <= category_count &&
	       (category_count == 64 ||
		(order->categories | order->returned) >> category_count == 0);
}

static bool refunds_are_sound(const struct refunds *refunds)
{
	for (unsigned i = 0; i < refunds->count; i++)
		if (refunds->items[i].amount_e4 < 0 ||
		    (i && refunds->items[i].event <= refunds->items[i - 1].event))
			return false;
	return true;
}

static bool parcels_are_sound(const struct parcels *parcels)
{
	for (unsigned i = 1; i < parcels->count; i++)
		if (parcels->items[i] <= (parcels->items[i - 1] | 1))
			return false;
	return parcels->said <= PARCELS_MAX;
}

/* Gives each order its part of all refunds, and of all parcels. */
static bool share_out(const Nurture__V1__Profile *from, struct seg_profile *to)
{
	size_t refunds_left = from->n_refund_event, parcels_left = from->n_parcel;
	struct refund *refund = arena_zalloc(to->arena, (refunds_left + 1) * sizeof(*refund));
	uint64_t *parcel = from->parcel;

	if (!seg_columns_read(from, TABLE(refund_columns), ENTRIES(refund, (unsigned)refunds_left)))
		return false;
	for (struct seg_order *o = to->orders; o < to->orders + to->order_count; o++) {
		if (o->refunds.count > REFUNDS_MAX || o->refunds.count > refunds_left ||
		    o->parcels.count > PARCELS_MAX || o->parcels.count > parcels_left)
			return false;
		o->refunds.items = refund;
		if (o->parcels.count) {
			o->parcels.items = parcel;
			parcel += o->parcels.count;
		}
		if (!refunds_are_sound(&o->refunds) || !parcels_are_sound(&o->parcels))
			return false;
		refund += o->refunds.count;
		refunds_left -= o->refunds.count;
		parcels_left -= o->parcels.count;
	}
	return refunds_left == 0 && parcels_left == 0;
}

int wire_read_orders(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err)
{
	bool sound;

	if (from->n_order_id > SEG_ORDERS_MAX)
		return wire_bad(err, "more orders than are kept");
	WIRE_LIST(to, orders, order, from->n_order_id);
	sound = seg_columns_read(from, TABLE(order_columns), ENTRIES(to->orders, to->order_count));
	for (unsigned i = 0; i < to->order_count; i++)
		sound = sound && order_is_sound(&to->orders[i], to->category_count);
	if (!sound || !share_out(from, to))
		return wire_bad(err, "an order that cannot be");
	to->older = (struct seg_older){
	    .orders = from->older_orders,
	    .spent_e4 = from->older_spent_e4,
	    .first_ms = seg_of_since(from->older_first_ms, 0),
	    .last_ms = seg_of_since(from->older_last_ms, 0),
	};
	if (to->older.orders > INT32_MAX || !seg_is_time_or_never(to->older.first_ms) ||
	    !seg_is_time_or_never(to->older.last_ms))
		return wire_bad(err, "older orders that cannot be");
	return 0;
}

int wire_read_categories(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err)
{
	if (from->n_category > SEG_CATEGORIES_MAX)
		return wire_bad(err, "more categories than are kept");
	WIRE_LIST(to, categories, category, from->n_category);
	if (!seg_columns_read(from, TABLE(category_columns),
			      ENTRIES(to->categories, to->category_count)))
		return wire_bad(err, "a category with a time that cannot be");
	return 0;
}

/* The refunds and the parcels of all orders, one order after the other. */
static void write_shares(const struct seg_profile *from, Nurture__V1__Profile *to)
{
	size_t refund_count = 0, parcel_count = 0;
	struct refund *refunds;

	for (unsigned i = 0; i < from->order_count; i++) {
		refund_count += from->orders[i].refunds.count;
		parcel_count += from->orders[i].parcels.count;
	}
	if (!refund_count && !parcel_count)
		return;
	refunds = arena_alloc(from->arena, refund_count * sizeof(*refunds));
	to->parcel = arena_alloc(from->arena, parcel_count * sizeof(*to->parcel));
	refund_count = 0;
	for (unsigned i = 0; i < from->order_count; i++) {
		const struct seg_order *order = &from->orders[i];

		for (unsigned j = 0; j < order->refunds.count; j++)
			refunds[refund_count++] = order->refunds.items[j];
		for (unsigned j = 0; j < order->parcels.count; j++)
			to->parcel[to->n_parcel++] = order->parcels.items[j];
	}
	seg_columns_write(ENTRIES(refunds, (unsigned)refund_count), TABLE(refund_columns),
			  from->arena, to);
}

void wire_write_orders(const struct seg_profile *from, Nurture__V1__Profile *to)
{
	seg_columns_write(ENTRIES(from->orders, from->order_count), TABLE(order_columns),
			  from->arena, to);
	write_shares(from, to);
	to->older_orders = from->older.orders;
	to->older_spent_e4 = from->older.spent_e4;
	to->older_first_ms = seg_to_since(from->older.first_ms, 0);
	to->older_last_ms = seg_to_since(from->older.last_ms, 0);
	seg_columns_write(ENTRIES(from->categories, from->category_count), TABLE(category_columns),
			  from->arena, to);
}
