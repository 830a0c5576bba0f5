/*
 * wire_orders.c - see wire_orders.h.  A column says how many each order has; the
 * others have those of all orders, one order after the other.
 */
#include "wire_orders.h"

/* The refunds of one order. */
static bool take_refunds(struct refunds *refunds, const uint8_t *events,
			 struct wire_column *amounts, struct wire_column *currencies)
{
	for (unsigned i = 0; i < refunds->count; i++) {
		struct refund *refund = &refunds->items[i];

		refund->event = wire_fixed64(events + 8 * i);
		refund->amount_e4 = wire_next_signed(amounts);
		refund->currency = (uint32_t)wire_next(currencies);
		if (refund->amount_e4 < 0 || (i && refund->event <= refund[-1].event))
			return false;
	}
	return true;
}

bool wire_read_refunds(const struct wire_scan *scan, struct seg_profile *profile)
{
	struct slice events = scan->columns[WIRE_REFUND_EVENT];
	struct wire_column counts = wire_column(scan, WIRE_ORDER_REFUNDS),
			   amounts = wire_column(scan, WIRE_REFUND_AMOUNT_E4),
			   currencies = wire_column(scan, WIRE_REFUND_CURRENCY);
	struct refund *items = arena_alloc(profile->arena, (events.len / 8 + 1) * sizeof(*items));
	size_t used = 0;

	for (unsigned i = 0; i < profile->order_count; i++) {
		uint64_t count = wire_next(&counts);

		if (count > REFUNDS_MAX || 8 * (used + count) > events.len)
			return false;
		profile->orders[i].refunds = (struct refunds){items + used, (unsigned)count};
		if (count && !take_refunds(&profile->orders[i].refunds, events.bytes + 8 * used,
					   &amounts, &currencies))
			return false;
		used += count;
	}
	return 8 * used == events.len && wire_is_done(&counts) && wire_is_done(&amounts) &&
	       wire_is_done(&currencies);
}

static bool take_parcels(struct parcels *parcels, const uint8_t *hashes)
{
	for (unsigned i = 0; i < parcels->count; i++) {
		parcels->items[i] = wire_fixed64(hashes + 8 * i);
		if (i && parcels->items[i] <= (parcels->items[i - 1] | 1))
			return false;
	}
	return true;
}

bool wire_read_parcels(const struct wire_scan *scan, struct seg_profile *profile)
{
	struct slice hashes = scan->columns[WIRE_PARCEL];
	struct wire_column said = wire_column(scan, WIRE_ORDER_PARCELS),
			   counts = wire_column(scan, WIRE_ORDER_PARCELS_NAMED);
	uint64_t *items = arena_alloc(profile->arena, (hashes.len / 8 + 1) * sizeof(*items));
	size_t used = 0;

	for (unsigned i = 0; i < profile->order_count; i++) {
		uint64_t most = wire_next(&said), count = wire_next(&counts);
		struct parcels *parcels = &profile->orders[i].parcels;

		if (most > PARCELS_MAX || count > PARCELS_MAX || 8 * (used + count) > hashes.len)
			return false;
		*parcels = (struct parcels){items + used, (unsigned)count, (unsigned)most};
		if (count && !take_parcels(parcels, hashes.bytes + 8 * used))
			return false;
		used += count;
	}
	return 8 * used == hashes.len && wire_is_done(&said) && wire_is_done(&counts);
}
