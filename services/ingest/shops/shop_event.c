/* shop_event.c - one event of a shop's words, mended and checked before anybody sees it. */
#include <stdio.h>

#include "common/base/buf.h"
#include "common/message/event.h"
#include "common/message/event_mend.h"
#include "shop_order.h"

enum { ITEMS_MAX = 1000, QUANTITY_MAX = 1000000 };

Nurture__V1__Event *shop_event_new(struct shop_reading *reading, const char *type,
				   const char *suffix, int64_t time_ms, const char *customer)
{
	struct arena *arena = reading->arena;
	Nurture__V1__Event *event = arena_alloc(arena, sizeof(*event));

	nurture__v1__event__init(event);
	event->id = arena_printf(arena, "%s:%s:%s", shop_kind_text(reading->kind),
				 reading->source->shop, suffix);
	event->type = arena_text(arena, type);
	event->time_ms = time_ms;
	event->snapshot = true;
	event->customer = arena_alloc(arena, sizeof(*event->customer));
	nurture__v1__customer__init(event->customer);
	event->customer->id = arena_text(arena, customer);
	return event;
}

Nurture__V1__Order *shop_event_order(struct shop_reading *reading, Nurture__V1__Event *event,
				     const char *id)
{
	event->order = arena_alloc(reading->arena, sizeof(*event->order));
	nurture__v1__order__init(event->order);
	event->order->id = arena_printf(reading->arena, "%s%s", reading->source->prefix, id);
	return event->order;
}

/*
 * What the catalogue adds. Its category counts before the shop's own: a type of product is a free
 * text in the shop, the file is written for the policy.
 */
static void describe(struct shop_reading *reading, const struct shop_item *from,
		     Nurture__V1__Item *item)
{
	const char *const keys[] = {from->sku, from->product, from->variant};
	const struct catalogue_row *row =
	    reading->catalogue ? catalogue_find(reading->catalogue, keys, 3) : NULL;

	if (row && *row->category)
		item->category = (char *)"";
	if (row)
		catalogue_fill(row, item);
	if (!reading->catalogue)
		return;
	reading->events->looked_up_items++;
	reading->events->unmatched_items += !*item->category;
}

static Nurture__V1__Item *item_of(struct shop_reading *reading, const struct shop_item *from,
				  int64_t quantity, const char *currency)
{
	struct arena *arena = reading->arena;
	Nurture__V1__Item *item = arena_alloc(arena, sizeof(*item));

	nurture__v1__item__init(item);
	/* Shops need not give a product a sku; its own id is as good a name. */
	item->sku = arena_text(arena, *from->sku ? from->sku : from->product);
	item->name = arena_text(arena, from->name);
	item->category = arena_text(arena, from->category);
	item->quantity = (uint32_t)(quantity > QUANTITY_MAX ? QUANTITY_MAX : quantity);
	item->price = arena_text(arena, shop_money(arena, from->price, currency));
	describe(reading, from, item);
	return item;
}

void shop_event_items(struct shop_reading *reading, Nurture__V1__Order *order,
		      const struct shop_items *items, bool is_kept)
{
	size_t count = items->count < ITEMS_MAX ? items->count : ITEMS_MAX;

	if (count < items->count)
		shop_skip(reading, SHOP_SKIP_CUT, NULL);
	order->items = arena_alloc(reading->arena, (count + 1) * sizeof(Nurture__V1__Item *));
	for (size_t i = 0; i < count; i++) {
		const struct shop_item *item = &items->list[i];
		int64_t quantity = is_kept ? item->kept_quantity : item->quantity;

		if (quantity > 0)
			order->items[order->n_items++] =
			    item_of(reading, item, quantity, order->currency);
	}
}

/* Without what was found: that may be a name or an address, and this is logged. */
static void skip_invalid(struct shop_reading *reading, const struct err *err)
{
	const char *found = strstr(err->text, ", found");
	size_t len = found ? (size_t)(found - err->text) : strlen(err->text);

	shop_skip(reading, SHOP_SKIP_INVALID, arena_copy(reading->arena, err->text, len));
}

static void cut_links(Nurture__V1__Item *item)
{
	item->url = item->image = (char *)protobuf_c_empty_string;
}

static void cut_name(Nurture__V1__Item *item)
{
	item->name = (char *)protobuf_c_empty_string;
}

static bool encode(struct shop_reading *reading, const Nurture__V1__Event *event, struct slice *ret)
{
	struct buf out = BUF_MAX(EVENT_MAX_BYTES);
	bool is_whole;

	event_encode_json(event, &out);
	is_whole = !buf_failed(&out);
	if (is_whole)
		*ret = slice_of(arena_copy(reading->arena, out.bytes, out.len), out.len);
	buf_free(&out);
	return is_whole;
}

/*
 * An order of hundreds of items may be more than an event holds. That it was placed is worth more
 * than what its items are called, so these go first, and the items themselves last.
 */
static bool encode_cut(struct shop_reading *reading, Nurture__V1__Event *event, struct slice *ret)
{
	static void (*const cuts[])(Nurture__V1__Item *item) = {cut_links, cut_name};

	if (encode(reading, event, ret))
		return true;
	if (!event->order || event->order->n_items == 0)
		return false;
	shop_skip(reading, SHOP_SKIP_CUT, NULL);
	for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		for (size_t item = 0; item < event->order->n_items; item++)
			cuts[i](event->order->items[item]);
		if (encode(reading, event, ret))
			return true;
	}
	event->order->n_items = 0;
	return encode(reading, event, ret);
}

void shop_event_add(struct shop_reading *reading, Nurture__V1__Event *event)
{
	struct shop_events *events = reading->events;
	Nurture__V1__Event *read;
	struct slice value;
	struct err err;
	bool is_valid;

	if (event->time_ms == SHOP_NO_TIME) {
		shop_skip(reading, SHOP_SKIP_NO_TIME, event->type);
		return;
	}
	events->mended += event_mend(event);
	if (events->count == SHOP_EVENTS_MAX)
		is_valid = err_set(&err, "more than %d facts", SHOP_EVENTS_MAX) == 0;
	else if (!encode_cut(reading, event, &value))
		is_valid =
		    err_set(&err, "%s: more than %d bytes", event->type, EVENT_MAX_BYTES) == 0;
	else
		is_valid = event_decode(value, reading->arena, &read, &err) == 0;
	if (!is_valid)
		skip_invalid(reading, &err);
	else
		events->list[events->count++] =
		    (struct shop_event){.id = event->id,
					.type = event->type,
					.key = slice_text(event->customer->id),
					.value = value,
					.time_ms = event->time_ms};
}
