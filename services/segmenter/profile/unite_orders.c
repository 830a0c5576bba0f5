/* unite_orders.c - the orders of two profiles become one list; see unite.h. */
#include <string.h>

#include "categories.h"
#include "dedup.h"
#include "orders.h"
#include "unite.h"

/* The earlier of two times of which either may never have been. */
static int64_t first_of(int64_t a_ms, int64_t b_ms)
{
	if (a_ms == SEG_NEVER || b_ms == SEG_NEVER)
		return seg_max(a_ms, b_ms);
	return seg_min(a_ms, b_ms);
}

static void unite_dates(struct seg_order *order, const struct seg_order *with)
{
	for (unsigned i = 0; i < SEG_ORDER_DATES; i++) {
		const struct seg_order_date *new = &with->dates[i];
		struct seg_order_date *date = &order->dates[i];
		bool is_same = new->at_ms == date->at_ms;

		if (is_same)
			date->done_ms = seg_max(date->done_ms, new->done_ms);
		if (new->told_ms < date->told_ms ||
		    (new->told_ms == date->told_ms &&new->at_ms <= date->at_ms))
			continue;
		if (!is_same)
			*date = *new;
		date->told_ms = new->told_ms;
	}
}

/* What was taken back by no refund that is listed stays so. */
static void unite_refunds(struct seg_order *order, const struct seg_order *with, uint32_t shop,
			  struct arena *arena)
{
	int64_t own_e4 =
	    seg_sum(order->refunded_e4, -refunds_sum_e4(&order->refunds, order->currency, shop));
	int64_t other_e4 =
	    seg_sum(with->refunded_e4, -refunds_sum_e4(&with->refunds, with->currency, shop));

	for (unsigned i = 0; i < with->refunds.count; i++)
		(void)refunds_add(&order->refunds, with->refunds.items[i], arena);
	order->refunded_e4 = seg_sum(seg_max(own_e4, other_e4),
				     refunds_sum_e4(&order->refunds, order->currency, shop));
}

/* Both tell of one order: what it costs is as the newest word says. */
static void unite_order(struct seg_order *order, const struct seg_order *with, uint32_t shop,
			struct arena *arena)
{
	if (order->placed == with->placed)
		order->time_ms = seg_min(order->time_ms, with->time_ms);
	else if (with->placed)
		order->time_ms = with->time_ms;
	if (with->amount_ms > order->amount_ms) {
		order->amount_e4 = with->amount_e4;
		order->amount_ms = with->amount_ms;
		order->currency = with->currency;
		order->foreign = with->foreign;
	}
	order->placed = order->placed || with->placed;
	order->whole_gone = order->whole_gone || with->whole_gone;
	order->told_shipped = order->told_shipped || with->told_shipped;
	order->told_cancelled = order->told_cancelled || with->told_cancelled;
	order->told_delivered = order->told_delivered || with->told_delivered;
	order->told_whole_refund = order->told_whole_refund || with->told_whole_refund;
	order->delivered_ms = seg_max(order->delivered_ms, with->delivered_ms);
	order->late_ms = first_of(order->late_ms, with->late_ms);
	order->gone_ms = seg_max(order->gone_ms, with->gone_ms);
	unite_refunds(order, with, shop, arena);
	parcels_unite(&order->parcels, &with->parcels, arena);
	unite_dates(order, with);
}

static int index_of(const struct seg_profile *profile, const char *id)
{
	const struct seg_order *order = seg_order_find(profile, id);

	return order ? (int)(order - profile->orders) : -1;
}

/* Names the categories of a set of the other profile by the profile's own table. */
static void named_here(struct seg_profile *profile, const struct seg_profile *with, uint64_t set,
		       int64_t time_ms, const char *id, bool is_returned)
{
	for (; set; set &= set - 1) {
		const char *name = with->categories[__builtin_ctzll(set)].name;
		int category = seg_category_add(profile, name, time_ms);
		struct seg_order *order = &profile->orders[index_of(profile, id)];

		if (category < 0)
			continue;
		if (is_returned)
			order->returned |= UINT64_C(1) << category;
		else
			order->categories |= UINT64_C(1) << category;
	}
}

/* The order stands in the list; takes in what the other profile says is in it. */
static void unite_contents(struct seg_profile *profile, const struct seg_profile *with,
			   const struct seg_order *other, bool is_newer)
{
	struct seg_order *order;

	if (is_newer) {
		order = &profile->orders[index_of(profile, other->id)];
		order->categories = 0;
		order->top = 0;
		order->items_ms = other->items_ms;
		named_here(profile, with, other->categories, other->time_ms, other->id, false);
		order = &profile->orders[index_of(profile, other->id)];
		if (other->top)
			order->top = 1 + (unsigned)seg_category_find(
					     profile, with->categories[other->top - 1].name);
	}
	named_here(profile, with, other->returned, other->time_ms, other->id, true);
}

static void add_order(struct seg_profile *profile, const struct seg_profile *with,
		      const struct seg_order *other, uint32_t shop)
{
	int at = index_of(profile, other->id);
	bool is_newer = at < 0 || other->items_ms > profile->orders[at].items_ms;
	struct seg_order order = *other;

	if (at >= 0) {
		order = profile->orders[at];
		unite_order(&order, other, shop, profile->arena);
		seg_list_close(profile->orders, profile->order_count--, sizeof(order),
			       (unsigned)at);
	} else {
		order.categories = order.returned = 0;
		order.top = 0;
	}
	seg_order_put(profile, order);
	unite_contents(profile, with, other, is_newer);
	seg_categories_prune(profile);
	seg_orders_fold(profile);
}

/* An order that the other profile has in its sums already counts there. */
static void drop_counted(struct seg_profile *profile, const struct seg_profile *with)
{
	for (unsigned i = profile->order_count; i-- > 0;)
		if (seg_dedup_find(&with->facts, seg_order_placed_fact(profile->orders[i].id)))
			seg_list_close(profile->orders, profile->order_count--,
				       sizeof(*profile->orders), i);
}

static void unite_older(struct seg_profile *profile, const struct seg_profile *with)
{
	struct seg_older *older = &profile->older;

	older->orders += with->older.orders;
	older->spent_e4 = seg_sum(older->spent_e4, with->older.spent_e4);
	older->first_ms = first_of(older->first_ms, with->older.first_ms);
	older->last_ms = seg_max(older->last_ms, with->older.last_ms);
	for (unsigned i = 0; i < with->category_count; i++) {
		const struct seg_category *other = &with->categories[i];
		int at;

		if (other->older_ms == SEG_NEVER)
			continue;
		at = seg_category_add(profile, other->name, other->older_ms);
		if (at >= 0)
			profile->categories[at].older_ms =
			    seg_max(profile->categories[at].older_ms, other->older_ms);
	}
}

void seg_orders_unite(struct seg_profile *profile, const struct seg_profile *with,
		      const struct policy *policy)
{
	uint32_t shop = currency_code(policy->shop.currency);

	drop_counted(profile, with);
	unite_older(profile, with);
	for (unsigned i = 0; i < with->order_count; i++)
		if (!seg_dedup_find(&profile->facts, seg_order_placed_fact(with->orders[i].id)))
			add_order(profile, with, &with->orders[i], shop);
	seg_categories_prune(profile);
}
