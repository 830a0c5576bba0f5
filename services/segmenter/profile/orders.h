/*
 * orders.h - the orders of a customer: placed, changed, on their way, there, gone.
 *
 * What is said of an order before it is known to be placed (its cancellation
 * may come first) waits in an entry that does not count yet.
 *
 * An order has each of placed, shipped, delivered, late and cancelled once, and
 * one refund of all of it: the functions below say whether what was told is news.
 * What an order is worth and has in it is as the newest word says; when it was, as
 * the first does.  The oldest orders leave the list: what they counted for
 * stays in the sums, and which they were among the facts (dedup.h), so that
 * nothing counts twice.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_ORDERS_H
#define NURTURE_SEGMENTER_PROFILE_ORDERS_H

#include "nurture/v1/event.pb-c.h"
#include "profile.h"

/* What an event says of one order; its texts are checked already. */
struct seg_order_news {
	const char *id;
	int64_t time_ms;
	uint64_t event; /* hash of the event's key */
	bool has_amount;
	int64_t amount_e4;
	bool foreign;
	int64_t dates_ms[SEG_ORDER_DATES]; /* SEG_NEVER: it does not say */
	uint32_t currency, shop_currency;  /* currency_code(); 0: not said */
	Nurture__V1__Item **items;
	size_t item_count;
	const char *parcel; /* NULL or "": none is named */
	unsigned parcels;   /* how many there are; 0: not said */
};

/* NULL when it is not in the list. Valid until the list changes. */
const struct seg_order *seg_order_find(const struct seg_profile *profile, const char *id);

/* Each of these takes the news into the list, and returns true when it was not known before. */
bool seg_order_placed(struct seg_profile *profile, const struct seg_order_news *news);
/* Another amount, or other items; true when that changed anything. */
bool seg_order_updated(struct seg_profile *profile, const struct seg_order_news *news);
bool seg_order_shipped(struct seg_profile *profile, const struct seg_order_news *news);
/* True when all of it is there now. */
bool seg_order_delivered(struct seg_profile *profile, const struct seg_order_news *news);
bool seg_order_late(struct seg_profile *profile, const struct seg_order_news *news);
/* Refunded: an amount is taken from what it cost; without one all of it has gone. */
bool seg_order_refunded(struct seg_profile *profile, const struct seg_order_news *news);
/* Cancelled: all of it has gone; the amount only matters when it was never placed. */
bool seg_order_cancelled(struct seg_profile *profile, const struct seg_order_news *news);

/* A date that the newest event said otherwise, as it was before. */
struct seg_order_moves {
	bool has_moved[SEG_ORDER_DATES];
	struct seg_order_date before[SEG_ORDER_DATES];
};
/*
 * Takes in what the event says of when the order takes place: the newest event counts, and of two
 * at one instant the later date. Nothing is kept of an order that is not in the list (any more).
 */
void seg_order_dates(struct seg_profile *profile, const struct seg_order_news *news,
		     struct seg_order_moves *ret);

/* Did a partial refund give back goods of that category? False for NULL. */
bool seg_order_gave_back(const struct seg_profile *profile, const struct seg_order *order,
			 const char *category);
/*
 * What the order is mostly about, without what came back of it: the category of its most
 * expensive item, or the only one that is left; "": not known, or nothing is left.
 */
const char *seg_kept_category(const struct seg_profile *profile, const struct seg_order *order);
/* Has it come back in all of its categories, though the order still stands? */
static inline bool seg_order_is_empty(const struct seg_order *order)
{
	return order->categories && !(order->categories & ~order->returned);
}

/*
 * The first of the items with the highest price, among those of which says() is true; NULL: there
 * is none.  When an order is given, what it gave back is left out.
 */
const Nurture__V1__Item *seg_top_item(const struct seg_profile *profile,
				      const struct seg_order *order,
				      Nurture__V1__Item *const *items, size_t count,
				      bool (*says)(const Nurture__V1__Item *item));
/* The category of that item among those that have one; "": there is none. */
const char *seg_top_category(const struct seg_profile *profile, const struct seg_order *order,
			     Nurture__V1__Item *const *items, size_t count);

/* Was all of it cancelled or given back?  A part that was given back is not. */
static inline bool seg_order_is_gone(const struct seg_order *order)
{
	return order->whole_gone ||
	       (order->placed && refund_is_whole(order->amount_e4, order->refunded_e4));
}

/* Does it count as an order of the customer? */
static inline bool seg_order_is_kept(const struct seg_order *order)
{
	return order->placed && !seg_order_is_gone(order);
}

static inline bool seg_order_is_delivered(const struct seg_order *order)
{
	return order->delivered_ms != SEG_NEVER || parcels_are_there(&order->parcels);
}

/* Is the parcel of the order late, and neither delivered nor given up? */
static inline bool seg_order_is_late(const struct seg_order *order)
{
	return order->late_ms != SEG_NEVER && !seg_order_is_delivered(order) &&
	       !seg_order_is_gone(order);
}

/*
 * What the order adds to the money spent; less than 0 for a refund of an order that was never seen.
 */
int64_t seg_order_spent_e4(const struct seg_order *order);

/* For profiles that become one (unite.h): puts the order into its place, and returns that. */
unsigned seg_order_put(struct seg_profile *profile, struct seg_order order);
/* The oldest order leaves a list that has one too many. */
void seg_orders_fold(struct seg_profile *profile);
/* The fact that an order which has left the list was placed. */
uint64_t seg_order_placed_fact(const char *id);

#endif
