/* orders.c - see orders.h. */
#include "orders.h"

#include <string.h>

#include "categories.h"
#include "common/base/text.h"

int64_t seg_order_spent_e4(const struct seg_order *order)
{
	if (order->foreign)
		return 0;
	if (!order->placed)
		return -seg_max(order->amount_e4, order->refunded_e4);
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

/* Takes the order out of the list to be changed and put back; a new one when it is not there. */
static struct seg_order take(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order = {
		.id = news->id,
		.time_ms = news->time_ms,
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
	if (!order.placed) {
		order.time_ms = seg_min(order.time_ms, news->time_ms);
		order.foreign = order.foreign || news->foreign;
	}
	return order;
}

static bool is_before(const struct seg_order *a, const struct seg_order *b)
{
	return a->time_ms != b->time_ms ? a->time_ms < b->time_ms : strcmp(a->id, b->id) < 0;
}

static unsigned put(struct seg_profile *profile, struct seg_order order)
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
	seg_list_close(profile->orders, profile->order_count--, sizeof(order), 0);
	seg_categories_prune(profile);
}

static void put_back(struct seg_profile *profile, struct seg_order order)
{
	put(profile, order);
	if (profile->order_count > SEG_ORDERS_MAX)
		fold_oldest(profile);
}

/* True when there was another date before. */
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

const char *seg_top_category(Nurture__V1__Item *const *items, size_t count)
{
	const char *category = "";
	int64_t most_e4 = INT64_MIN;

	for (size_t i = 0; i < count; i++) {
		int64_t price_e4 = 0;
		struct err ignored; /* no price: it is as if it cost nothing */

		if (*items[i]->price)
			text_money_e4(slice_text(items[i]->price), &price_e4, &ignored);
		if (!*items[i]->category || price_e4 <= most_e4)
			continue;
		most_e4 = price_e4;
		category = items[i]->category;
	}
	return category;
}

static void set_categories(struct seg_profile *profile, unsigned at,
			   const struct seg_order_news *news)
{
	int top;

	if (profile->orders[at].categories) { /* it was placed twice; this is the earlier one */
		profile->orders[at].categories = 0;
		seg_categories_prune(profile);
	}
	for (size_t i = 0; i < news->item_count; i++) {
		int category;

		if (!*news->items[i]->category)
			continue;
		category = seg_category_add(profile, news->items[i]->category, news->time_ms);
		if (category >= 0)
			profile->orders[at].categories |= UINT64_C(1) << category;
	}
	top = seg_category_find(profile, seg_top_category(news->items, news->item_count));
	profile->orders[at].top = (unsigned)(top + 1);
}

/* One order placed twice: the first placing says what it was. */
static bool is_said_before(const struct seg_order *order, const struct seg_order_news *news)
{
	if (!order->placed)
		return false;
	if (order->time_ms != news->time_ms)
		return order->time_ms < news->time_ms;
	return order->amount_e4 >= news->amount_e4;
}

bool seg_order_placed(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order = take(profile, news);
	bool is_new = !order.placed;
	unsigned at;

	if (is_said_before(&order, news)) {
		put(profile, order);
		return false;
	}
	order.placed = true;
	order.time_ms = news->time_ms;
	order.amount_e4 = news->amount_e4;
	order.foreign = news->foreign;
	at = put(profile, order);
	set_categories(profile, at, news);
	if (profile->order_count > SEG_ORDERS_MAX)
		fold_oldest(profile);
	return is_new;
}

void seg_order_delivered(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order = take(profile, news);

	order.delivered_ms = seg_max(order.delivered_ms, news->time_ms);
	put_back(profile, order);
}

void seg_order_late(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order = take(profile, news);

	order.late_ms = seg_max(order.late_ms, news->time_ms);
	put_back(profile, order);
}

void seg_order_refunded(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order = take(profile, news);

	order.gone_ms = seg_max(order.gone_ms, news->time_ms);
	order.whole_gone = order.whole_gone || !news->has_amount;
	order.refunded_e4 = seg_sum(order.refunded_e4, news->amount_e4);
	put_back(profile, order);
}

void seg_order_cancelled(struct seg_profile *profile, const struct seg_order_news *news)
{
	struct seg_order order = take(profile, news);

	order.gone_ms = seg_max(order.gone_ms, news->time_ms);
	order.whole_gone = true;
	/* Of an order never seen this is taken back; its refund, told as well, is no second one. */
	if (!order.placed)
		order.amount_e4 = seg_max(order.amount_e4, news->amount_e4);
	put_back(profile, order);
}
