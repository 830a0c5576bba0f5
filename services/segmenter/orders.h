/*
 * orders.h - the orders of a customer: placed, delivered, late, gone.
 *
 * What is said of an order before it is known to be placed (its cancellation
 * may come first) waits in an entry that does not count yet.
 */
#ifndef NURTURE_SEGMENTER_ORDERS_H
#define NURTURE_SEGMENTER_ORDERS_H

#include "nurture/v1/event.pb-c.h"
#include "profile.h"

/* What an event says of one order; its texts are checked already. */
struct seg_order_news {
	const char *id;
	int64_t time_ms;
	bool has_amount;
	int64_t amount_e4;
	bool foreign;
	int64_t dates_ms[SEG_ORDER_DATES]; /* SEG_NEVER: it does not say */
	Nurture__V1__Item **items;
	size_t item_count;
};

/* NULL when it is not in the list. Valid until the list changes. */
const struct seg_order *seg_order_find(const struct seg_profile *profile, const char *id);

/* True when this order was not known to be placed before. */
bool seg_order_placed(struct seg_profile *profile, const struct seg_order_news *news);
void seg_order_delivered(struct seg_profile *profile, const struct seg_order_news *news);
void seg_order_late(struct seg_profile *profile, const struct seg_order_news *news);
/* Refunded: an amount is taken from what it cost; without one all of it has gone. */
void seg_order_refunded(struct seg_profile *profile, const struct seg_order_news *news);
/* Cancelled: all of it has gone; the amount only matters when it was never placed. */
void seg_order_cancelled(struct seg_profile *profile, const struct seg_order_news *news);

/* A date that the newest event said otherwise, as it was before. */
struct seg_order_moves {
	bool has_moved[SEG_ORDER_DATES];
	struct seg_order_date before[SEG_ORDER_DATES];
};
/*
 * Whatever the event says of when it takes place: the newest word counts, of
 * two of one instant the later date.  Of an order that is not in the list
 * (any more) nothing is kept.
 */
void seg_order_dates(struct seg_profile *profile, const struct seg_order_news *news,
		     struct seg_order_moves *ret);

/* Category of the item with the highest price, or "". */
const char *seg_top_category(Nurture__V1__Item *const *items, size_t count);

/* Does it count as an order? */
static inline bool seg_order_is_kept(const struct seg_order *order)
{
	return order->placed && !order->whole_gone &&
	       !(order->amount_e4 > 0 && order->refunded_e4 >= order->amount_e4);
}

/* Is its parcel late, and not yet delivered or given up? */
static inline bool seg_order_is_late(const struct seg_order *order)
{
	return order->late_ms > order->delivered_ms && order->late_ms > order->gone_ms;
}

/* What it adds to the money spent; less than 0 for a refund of an order never seen. */
int64_t seg_order_spent_e4(const struct seg_order *order);

#endif
