/*
 * shopify_refund.c - what an order of the REST webhooks says was given back (shopify.dev, "Refund").
 *
 * The shop gives back what its payments say. Lines count where no payment does, as when an order is
 * edited before it is paid.
 */
#include <stdlib.h>

#include "common/base/money.h"
#include "shop_order.h"

/* How many of a line were given back. */
struct given_back {
	const char *line;
	int64_t quantity;
};

static struct json_node *transactions_of(struct json_node *refund)
{
	return json_node_first(json_node_get(refund, "transactions"));
}

static struct json_node *lines_of(struct json_node *refund)
{
	return json_node_first(json_node_get(refund, "refund_line_items"));
}

static bool is_payment(struct json_node *transaction, const char *status)
{
	return strcmp(json_node_text_at(transaction, "kind"), "refund") == 0 &&
	       strcmp(json_node_text_at(transaction, "status"), status) == 0;
}

static bool is_of_shop(const char *currency, const char *shop)
{
	return !*currency || strcmp(currency, shop) == 0;
}

/* What the payments gave back, in the shop's money; false: none of them says. */
static bool sum_transactions(struct json_node *refund, const char *currency, int64_t *ret_e4)
{
	bool is_said = false;
	int64_t e4;

	*ret_e4 = 0;
	for (struct json_node *at = transactions_of(refund); at; at = at->next) {
		if (!is_payment(at, "success") ||
		    !is_of_shop(json_node_text_at(at, "currency"), currency) ||
		    !shop_money_e4(json_node_text_at(at, "amount"), &e4))
			continue;
		if (__builtin_add_overflow(*ret_e4, e4, ret_e4))
			return false;
		is_said = true;
	}
	return is_said;
}

static int64_t money_at(struct json_node *line, const char *set, const char *plain)
{
	const char *text = json_node_text_at(line, set);
	int64_t e4;

	return shop_money_e4(*text ? text : json_node_text_at(line, plain), &e4) ? e4 : 0;
}

static bool sum_lines(struct json_node *refund, int64_t *ret_e4)
{
	struct json_node *at = lines_of(refund);
	bool is_said = at != NULL;

	for (*ret_e4 = 0; at; at = at->next) {
		int64_t e4 = money_at(at, "subtotal_set.shop_money.amount", "subtotal") +
			     money_at(at, "total_tax_set.shop_money.amount", "total_tax");

		if (__builtin_add_overflow(*ret_e4, e4, ret_e4))
			return false;
	}
	return is_said;
}

static bool sum(struct json_node *refund, const char *currency, int64_t *ret_e4)
{
	return sum_transactions(refund, currency, ret_e4) || sum_lines(refund, ret_e4);
}

/* A refund without a payment or a line gives nothing back: a note, goods back on the shelf. */
static bool is_empty(struct json_node *refund)
{
	return !transactions_of(refund) && !lines_of(refund);
}

/* A payment that is still on its way gives nothing back yet; its success is told again. */
static bool waits_for_payment(struct json_node *refund)
{
	for (struct json_node *at = transactions_of(refund); at; at = at->next)
		if (is_payment(at, "success"))
			return false;
	return transactions_of(refund) != NULL;
}

static void read_items(struct shop_reading *reading, struct json_node *refund,
		       struct shop_items *ret)
{
	struct json_node *lines = json_node_get(refund, "refund_line_items");

	ret->list = arena_alloc(reading->arena, (shop_list_count(lines) + 1) * sizeof(*ret->list));
	for (struct json_node *at = json_node_first(lines); at; at = at->next) {
		struct shop_item item = shopify_item(json_node_get(at, "line_item"));

		item.quantity = shopify_whole(at, "quantity", 1);
		if (*item.line)
			ret->list[ret->count++] = item;
	}
}

static bool read_refund(struct shop_reading *reading, struct json_node *refund,
			const char *currency, struct shop_refund *ret)
{
	const char *processed = json_node_text_at(refund, "processed_at");
	int64_t e4;

	if (is_empty(refund) || waits_for_payment(refund))
		return false;
	if (!sum(refund, currency, &e4)) {
		shop_skip(reading, SHOP_SKIP_NO_AMOUNT, NULL);
		return false;
	}
	*ret = (struct shop_refund){
	    .id = json_node_text_at(refund, "id"),
	    .amount = money_of_e4(reading->arena, e4, currency),
	    .time_ms =
		shop_time_of(*processed ? processed : json_node_text_at(refund, "created_at")),
	};
	read_items(reading, refund, &ret->items);
	return *ret->id;
}

void shopify_refunds(struct shop_reading *reading, struct json_node *node, struct shop_order *ret)
{
	struct json_node *refunds = json_node_get(node, "refunds");

	ret->refunds =
	    arena_alloc(reading->arena, (shop_list_count(refunds) + 1) * sizeof(*ret->refunds));
	for (struct json_node *at = json_node_first(refunds); at; at = at->next)
		if (read_refund(reading, at, ret->currency, &ret->refunds[ret->refund_count]))
			ret->refund_count++;
}

const char *shopify_kept_amount(struct shop_reading *reading, struct json_node *node,
				const char *currency)
{
	const char *current = json_node_text_at(node, "current_total_price");
	struct json_node *at = json_node_first(json_node_get(node, "refunds"));
	int64_t kept_e4, e4;

	if (*current == '-' || !shop_money_e4(current, &kept_e4))
		return "";
	for (; at; at = at->next)
		if (!is_empty(at) && (waits_for_payment(at) || !sum(at, currency, &e4) ||
				      __builtin_add_overflow(kept_e4, e4, &kept_e4)))
			return "";
	return money_of_e4(reading->arena, kept_e4, currency);
}

static int by_line(const void *a, const void *b)
{
	return strcmp(((const struct given_back *)a)->line, ((const struct given_back *)b)->line);
}

/* Each line once, in the order of their ids. */
static size_t merge(struct given_back *list, size_t count)
{
	size_t kept = 0;

	qsort(list, count, sizeof(*list), by_line);
	for (size_t i = 0; i < count; i++)
		if (kept && by_line(&list[kept - 1], &list[i]) == 0)
			list[kept - 1].quantity += list[i].quantity;
		else
			list[kept++] = list[i];
	return kept;
}

static size_t list_given_back(struct shop_reading *reading, struct json_node *node,
			      struct given_back **ret)
{
	struct json_node *first = json_node_first(json_node_get(node, "refunds"));
	size_t count = 0;

	for (struct json_node *at = first; at; at = at->next)
		count += shop_list_count(json_node_get(at, "refund_line_items"));
	*ret = arena_alloc(reading->arena, (count + 1) * sizeof(**ret));
	count = 0;
	for (struct json_node *refund = first; refund; refund = refund->next)
		for (struct json_node *at = lines_of(refund); at; at = at->next)
			(*ret)[count++] =
			    (struct given_back){.line = json_node_text_at(at, "line_item_id"),
						.quantity = shopify_whole(at, "quantity", 0)};
	return merge(*ret, count);
}

void shopify_add_given_back(struct shop_reading *reading, struct json_node *node,
			    struct shop_items *items)
{
	struct given_back *list;
	size_t count = list_given_back(reading, node, &list);

	for (size_t i = 0; i < items->count; i++) {
		struct shop_item *item = &items->list[i];
		struct given_back key = {.line = item->line};
		const struct given_back *found =
		    count ? bsearch(&key, list, count, sizeof(*list), by_line) : NULL;

		if (found)
			item->kept_quantity += found->quantity;
		if (item->kept_quantity > item->quantity)
			item->kept_quantity = item->quantity;
	}
}
