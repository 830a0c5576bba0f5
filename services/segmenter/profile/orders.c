/* orders.c - see orders.h. */
#include "orders.h"

#include <string.h>

#include "categories.h"
#include "common/base/text.h"
#include "common/policy/contents.h"
#include "dedup.h"

int64_t seg_order_spent_e4(const struct seg_order *order)
{
	if (order->foreign)
		return 0;
	if (!order->placed) {
		/* An amount that was only announced was never spent. */
		int64_t taken_e4 =
		    order->whole_gone && order->amount_ms == SEG_NEVER ? order->amount_e4 : 0;

		return -seg_max(taken_e4, order->refunded_e4);
	}
	if (!seg_order_is_kept(order))
		return 0;
	if (order->refunded_e4 == 0)
		return order->amount_e4;
	return seg_max(0, seg_sum(order->amount_e4, -order->refunded_e4));
}

static int index_of(const struct seg_profile *profile, const char *id)
{
	for (unsigned i = profile->order_count; i-- > 0;)
		if (strcmp(profile->orders[i].id, id) == 0)
			return (int)i;
	return -1;
}

const struct seg_order *seg_order_find(const struct seg_profile *profile, const char *id)
{
	int at = index_of(profile, id);

	return at < 0 ? NULL : &profile->orders[at];
}

uint64_t seg_order_placed_fact(const char *id)
{
	return seg_fact_hash("placed", id, NULL);
}

static uint64_t cancelled_fact(const char *id)
{
	return seg_fact_hash("cancelled", id, NULL);
}

/* An order may have left the list long ago; then news about it cannot be told from a repeat. */
static bool is_forgotten(const struct seg_profile *profile, const struct seg_order_news *news)
{
	return index_of(profile, news->id) < 0 && seg_dedup_forgot(&profile->facts, news->time_ms);
}

/* Takes the order out of the list to be changed and put back; a new one when it is not there. */
static struct seg_order take(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order = {
	    .id = news->id,
	    .time_ms = news->time_ms,
	    .amount_ms = SEG_NEVER,
	    .items_ms = SEG_NEVER,
	    .delivered_ms = SEG_NEVER,
	    .late_ms = SEG_NEVER,
	    .gone_ms = SEG_NEVER,
	    .dates = {{SEG_NEVER, SEG_NEVER, SEG_NEVER}, {SEG_NEVER, SEG_NEVER, SEG_NEVER}},
	};
	int at = index_of(profile, news->id);

	if (at >= 0) {
		order = profile->orders[at];
		seg_list_close(profile->orders, profile->order_count--, sizeof(order),
			       (unsigned)at);
	}
	if (!order.placed)
		order.time_ms = seg_min(order.time_ms, news->time_ms);
	parcels_say(&order.parcels, news->parcels);
	return order;
}

static bool is_before(const struct seg_order *a, const struct seg_order *b)
{
	return a->time_ms != b->time_ms ? a->time_ms < b->time_ms : strcmp(a->id, b->id) < 0;
}

unsigned seg_order_put(struct seg_profile *profile, struct seg_order order)
{
	unsigned at = profile->order_count;

	while (at > 0 && is_before(&order, &profile->orders[at - 1]))
		at--;
	profile->orders = seg_list_open(profile->arena, profile->orders, profile->order_count,
					&profile->order_room, sizeof(order), at);
	profile->orders[at] = order;
	profile->order_count++;
	return at;
}

/*
 * The time of the newest event about the order, as far as is known; SEG_NEVER is less than any
 * time.
 */
static int64_t last_word_ms(const struct seg_order *order)
{
	int64_t content_ms = seg_max(order->amount_ms, order->items_ms);
	int64_t fate_ms = seg_max(order->delivered_ms, order->gone_ms);

	return seg_max(order->time_ms, seg_max(content_ms, fate_ms));
}

/* Remembers which facts are in the sums already and must not be counted again. */
static void remember(struct seg_profile *profile, const struct seg_order *order)
{
	int64_t time_ms = last_word_ms(order);

	if (order->placed)
		seg_dedup_add_fact(profile, seg_order_placed_fact(order->id), time_ms);
	else if (order->whole_gone)
		seg_dedup_add_fact(profile, cancelled_fact(order->id), time_ms);
	for (unsigned i = 0; i < order->refunds.count; i++)
		seg_dedup_add_fact(profile, order->refunds.items[i].event, time_ms);
}

/* The oldest order leaves the list; what it counted for stays in the sums. */
static void fold_oldest(struct seg_profile *profile)
{
	struct seg_order order = profile->orders[0];
	struct seg_older *older = &profile->older;

	older->spent_e4 = seg_sum(older->spent_e4, seg_order_spent_e4(&order));
	if (seg_order_is_kept(&order)) {
		older->orders++;
		older->last_ms = seg_max(older->last_ms, order.time_ms);
		if (older->first_ms == SEG_NEVER || order.time_ms < older->first_ms)
			older->first_ms = order.time_ms;
		for (unsigned i = 0; i < profile->category_count; i++)
			if (order.categories >> i & 1)
				profile->categories[i].older_ms =
				    seg_max(profile->categories[i].older_ms, order.time_ms);
	}
	remember(profile, &order);
	seg_list_close(profile->orders, profile->order_count--, sizeof(order), 0);
	seg_categories_prune(profile);
}

void seg_orders_fold(struct seg_profile *profile)
{
	if (profile->order_count > SEG_ORDERS_MAX)
		fold_oldest(profile);
}

static void put_back(struct seg_profile *profile, struct seg_order order)
{
	seg_order_put(profile, order);
	seg_orders_fold(profile);
}

/* Stores the date; true when there was another one before. */
static bool date_note(struct seg_order_date *date, int64_t at_ms, int64_t told_ms)
{
	bool is_other = date->at_ms != at_ms, had_one = date->at_ms != SEG_NEVER;

	if (told_ms < date->told_ms || (told_ms == date->told_ms && at_ms <= date->at_ms))
		return false;
	date->told_ms = told_ms;
	if (!is_other)
		return false;
	*date = (struct seg_order_date){at_ms, told_ms, SEG_NEVER};
	return had_one;
}

void seg_order_dates(struct seg_profile *profile, const struct seg_order_news *news,
		     struct seg_order_moves *ret)
{
	int at = index_of(profile, news->id);

	*ret = (struct seg_order_moves){.has_moved = {false}};
	for (unsigned i = 0; i < SEG_ORDER_DATES && at >= 0; i++) {
		struct seg_order_date *date = &profile->orders[at].dates[i];

		if (news->dates_ms[i] == SEG_NEVER)
			continue;
		ret->before[i] = *date;
		ret->has_moved[i] = date_note(date, news->dates_ms[i], news->time_ms);
	}
}

bool seg_order_gave_back(const struct seg_profile *profile, const struct seg_order *order,
			 const char *category)
{
	int at = order && order->returned ? seg_category_find(profile, category) : -1;

	return at >= 0 && (order->returned >> at & 1);
}

const char *seg_kept_category(const struct seg_profile *profile, const struct seg_order *order)
{
	uint64_t kept = order->categories & ~order->returned;

	if (order->top && (kept >> (order->top - 1) & 1))
		return profile->categories[order->top - 1].name;
	if (order->top && kept && !(kept & (kept - 1)))
		return profile->categories[__builtin_ctzll(kept)].name;
	return "";
}

const Nurture__V1__Item *seg_top_item(const struct seg_profile *profile,
				      const struct seg_order *order,
				      Nurture__V1__Item *const *items, size_t count,
				      bool (*says)(const Nurture__V1__Item *item))
{
	const Nurture__V1__Item *top = NULL;
	int64_t most_e4 = INT64_MIN;

	for (size_t i = 0; i < count; i++) {
		int64_t price_e4 = 0;
		struct err ignored; /* no price: it is as if it cost nothing */

		if (*items[i]->price)
			text_money_e4(slice_text(items[i]->price), &price_e4, &ignored);
		if (!says(items[i]) || price_e4 <= most_e4 ||
		    seg_order_gave_back(profile, order, items[i]->category))
			continue;
		most_e4 = price_e4;
		top = items[i];
	}
	return top;
}

static bool says_category(const Nurture__V1__Item *item)
{
	return *item->category != '\0';
}

const char *seg_top_category(const struct seg_profile *profile, const struct seg_order *order,
			     Nurture__V1__Item *const *items, size_t count)
{
	const Nurture__V1__Item *top = seg_top_item(profile, order, items, count, says_category);

	return top ? top->category : "";
}

/* Stores the categories; true when they differ from those before. */
static bool set_categories(struct seg_profile *profile, unsigned at,
			   const struct seg_order_news *news)
{
	struct seg_order *order = &profile->orders[at];
	const char *top = seg_top_category(profile, NULL, news->items, news->item_count);
	const char *before = order->top ? profile->categories[order->top - 1].name : "";
	uint64_t had = order->categories;
	unsigned names = profile->category_count;
	bool is_same = strcmp(top, before) == 0;
	int found;

	order->categories = 0;
	for (size_t i = 0; i < news->item_count; i++) {
		const char *name = news->items[i]->category;
		int category = *name ? seg_category_add(profile, name, order->time_ms) : -1;

		order = &profile->orders[at];
		if (category >= 0)
			order->categories |= UINT64_C(1) << category;
	}
	is_same = is_same && names == profile->category_count && had == order->categories;
	found = seg_category_find(profile, top);
	order->top = (unsigned)(found + 1);
	seg_categories_prune(profile);
	return !is_same;
}

/* A refund may be in another currency than the order: what counts of it follows from both. */
static void set_currency(struct seg_order *order, const struct seg_order_news *news)
{
	int64_t untold_e4 = order->refunded_e4 -
			    refunds_sum_e4(&order->refunds, order->currency, news->shop_currency);

	order->currency = news->currency == news->shop_currency ? 0 : news->currency;
	order->foreign = news->foreign;
	order->refunded_e4 = seg_sum(
	    untold_e4, refunds_sum_e4(&order->refunds, order->currency, news->shop_currency));
}

/* Takes in what the order is worth and what is in it; true when that differs from before. */
static bool take_contents(struct seg_profile *profile, struct seg_order order,
			  const struct seg_order_news *news)
{
	const struct contents_word word = {news->time_ms, news->amount_e4, news->has_amount,
					   news->item_count > 0};
	bool has_amount = contents_takes_amount(&word, order.amount_e4, order.amount_ms);
	bool has_items = contents_takes_items(&word, order.items_ms, has_amount);
	bool changes = false;
	unsigned at;

	if (has_amount) {
		changes = order.amount_e4 != news->amount_e4;
		order.amount_e4 = news->amount_e4;
		order.amount_ms = news->time_ms;
	}
	if (has_amount || (!news->has_amount && order.amount_ms == SEG_NEVER))
		set_currency(&order, news);
	if (has_items)
		order.items_ms = news->time_ms;
	at = seg_order_put(profile, order);
	if (has_items)
		changes = set_categories(profile, at, news) || changes;
	seg_orders_fold(profile);
	return changes;
}

bool seg_order_placed(struct seg_profile *profile, const struct seg_order_news *news)
{
	const struct seg_order *known = seg_order_find(profile, news->id);
	struct seg_order order;
	bool is_new = !known || !known->placed;

	if (is_new && (seg_dedup_forgot(&profile->facts, news->time_ms) ||
		       seg_dedup_find(&profile->facts, seg_order_placed_fact(news->id))))
		return false;
	order = take(profile, news);
	order.time_ms = is_new ? news->time_ms : seg_min(order.time_ms, news->time_ms);
	if (is_new && order.amount_ms == SEG_NEVER)
		order.amount_e4 = 0; /* what a cancellation said of it */
	order.placed = true;
	take_contents(profile, order, news);
	return is_new;
}

bool seg_order_updated(struct seg_profile *profile, const struct seg_order_news *news)
{
	if (is_forgotten(profile, news))
		return false;
	return take_contents(profile, take(profile, news), news);
}

bool seg_order_shipped(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order;
	bool is_new;

	if (is_forgotten(profile, news))
		return false;
	order = take(profile, news);
	is_new = !order.told_shipped;
	order.told_shipped = true;
	if (news->parcel && *news->parcel)
		parcels_note(&order.parcels, news->parcel, false, profile->arena);
	put_back(profile, order);
	return is_new;
}

bool seg_order_delivered(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order;
	bool is_new;

	if (is_forgotten(profile, news))
		return false;
	order = take(profile, news);
	is_new = !order.told_delivered && !seg_order_is_delivered(&order);
	if (news->parcel && *news->parcel)
		parcels_note(&order.parcels, news->parcel, true, profile->arena);
	else
		order.delivered_ms = seg_max(order.delivered_ms, news->time_ms);
	is_new = is_new && seg_order_is_delivered(&order);
	order.told_delivered = order.told_delivered || seg_order_is_delivered(&order);
	put_back(profile, order);
	return is_new;
}

bool seg_order_late(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order;
	bool is_new;

	if (is_forgotten(profile, news))
		return false;
	order = take(profile, news);
	is_new = order.late_ms == SEG_NEVER && !seg_order_is_delivered(&order);
	if (order.late_ms == SEG_NEVER || news->time_ms < order.late_ms)
		order.late_ms = news->time_ms;
	put_back(profile, order);
	return is_new;
}

/* Is there anything left that could be given back? */
static bool is_refunded(const struct seg_order *order)
{
	return order->told_whole_refund ||
	       (order->placed && refund_is_whole(order->amount_e4, order->refunded_e4));
}

/* Adds a refund; false when it was told before, or the list is full. */
static bool add_refund(struct seg_profile *profile, struct seg_order *order,
		       const struct seg_order_news *news)
{
	struct refund refund = {news->event, news->amount_e4, news->currency};
	uint32_t shop = news->shop_currency;
	int64_t before_e4 = refunds_sum_e4(&order->refunds, order->currency, shop);

	if (!refunds_add(&order->refunds, refund, profile->arena))
		return false;
	order->refunded_e4 = seg_sum(
	    order->refunded_e4, refunds_sum_e4(&order->refunds, order->currency, shop) - before_e4);
	return true;
}

/* Goods that came back are not there any more when the rest is delivered. */
static void note_returned(struct seg_profile *profile, unsigned at,
			  const struct seg_order_news *news)
{
	for (size_t i = 0; i < news->item_count; i++) {
		const char *name = news->items[i]->category;
		int64_t time_ms = profile->orders[at].time_ms;
		int category = *name ? seg_category_add(profile, name, time_ms) : -1;

		if (category >= 0)
			profile->orders[at].returned |= UINT64_C(1) << category;
	}
}

bool seg_order_refunded(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order;
	unsigned at;
	bool is_new;

	if ((news->has_amount && news->amount_e4 == 0) || is_forgotten(profile, news) ||
	    seg_dedup_find(&profile->facts, news->event))
		return false;
	order = take(profile, news);
	is_new = !is_refunded(&order);
	if (news->has_amount)
		is_new = add_refund(profile, &order, news) && is_new;
	else
		order.whole_gone = order.told_whole_refund = true;
	order.gone_ms = seg_max(order.gone_ms, news->time_ms);
	at = seg_order_put(profile, order);
	if (news->has_amount)
		note_returned(profile, at, news);
	seg_orders_fold(profile);
	return is_new;
}

bool seg_order_cancelled(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order;
	bool is_new;

	if (is_forgotten(profile, news) ||
	    (index_of(profile, news->id) < 0 &&
	     seg_dedup_find(&profile->facts, cancelled_fact(news->id))))
		return false;
	order = take(profile, news);
	is_new = !order.told_cancelled;
	order.told_cancelled = order.whole_gone = true;
	order.gone_ms = seg_max(order.gone_ms, news->time_ms);
	/*
	 * The amount of an order that was never seen is taken back here; its refund, if it is told
	 * as well, is no second one.
	 */
	if (!order.placed && order.amount_ms == SEG_NEVER && !news->foreign)
		order.amount_e4 = seg_max(order.amount_e4, news->amount_e4);
	put_back(profile, order);
	return is_new;
}
