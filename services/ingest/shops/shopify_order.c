/*
 * shopify_order.c - an order of the REST webhooks (orders/create, paid, updated, ...), API 2026-07
 * and 2026-10 (shopify.dev, "Order" and "Webhooks").
 *
 * Amounts are the shop's money, never what the buyer was shown: the policy counts in one currency.
 */
#include "shop_order.h"

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static size_t count_of(struct json_node *list)
{
	size_t count = 0;

	for (struct json_node *at = json_node_first(list); at; at = at->next)
		count++;
	return count;
}

static int64_t whole(struct json_node *node, const char *path, int64_t otherwise)
{
	const char *text = json_node_text_at(node, path);
	int64_t e4;

	return *text != '-' && shop_money_e4(text, &e4) ? e4 / 10000 : otherwise;
}

static void read_person(struct shop_reading *reading, struct json_node *node,
			struct shop_person *ret)
{
	struct json_node *customer = json_node_get(node, "customer");
	static const char *const countries[] = {"shipping_address.country_code",
						"billing_address.country_code",
						"customer.default_address.country_code"};

	ret->id = json_node_text_at(customer, "id");
	ret->email = json_node_text_at(customer, "email");
	if (!*ret->email)
		ret->email = json_node_text_at(node, "email");
	if (!*ret->email)
		ret->email = json_node_text_at(node, "contact_email");
	ret->name = shop_full_name(reading->arena, json_node_text_at(customer, "first_name"),
				   json_node_text_at(customer, "last_name"));
	if (!*ret->name)
		ret->name = json_node_text_at(node, "billing_address.name");
	ret->locale = json_node_text_at(node, "customer_locale");
	for (size_t i = 0; i < 3 && !*ret->country; i++)
		ret->country = json_node_text_at(node, countries[i]);
}

static struct shop_item read_item(struct json_node *line)
{
	struct shop_item ret = {
	    .line = json_node_text_at(line, "id"),
	    .sku = json_node_text_at(line, "sku"),
	    .product = json_node_text_at(line, "product_id"),
	    .variant = json_node_text_at(line, "variant_id"),
	    .name = json_node_text_at(line, "title"),
	    .price = json_node_text_at(line, "price"),
	    .category = json_node_is_true(json_node_get(line, "gift_card")) ? "gift-card" : "",
	    .quantity = whole(line, "quantity", 1),
	};

	ret.kept_quantity = whole(line, "current_quantity", ret.quantity);
	return ret;
}

/* What was given back is still of the order: current_quantity leaves it out. */
static void add_given_back(struct json_node *node, struct shop_item *item)
{
	struct json_node *refund = json_node_first(json_node_get(node, "refunds"));

	for (; refund; refund = refund->next) {
		struct json_node *at = json_node_first(json_node_get(refund, "refund_line_items"));

		for (; at; at = at->next)
			if (strcmp(json_node_text_at(at, "line_item_id"), item->line) == 0)
				item->kept_quantity += whole(at, "quantity", 0);
	}
	if (item->kept_quantity > item->quantity)
		item->kept_quantity = item->quantity;
}

static void read_items(struct shop_reading *reading, struct json_node *node, struct shop_order *ret)
{
	struct json_node *lines = json_node_get(node, "line_items");

	ret->items.list =
	    arena_alloc(reading->arena, (count_of(lines) + 1) * sizeof(*ret->items.list));
	for (struct json_node *at = json_node_first(lines); at; at = at->next) {
		struct shop_item item = read_item(at);

		add_given_back(node, &item);
		ret->items.list[ret->items.count++] = item;
	}
}

static bool is_of_shop(const char *currency, const char *shop)
{
	return !*currency || strcmp(currency, shop) == 0;
}

/* What the payments gave back, in the shop's money; false: none of them says. */
static bool sum_transactions(struct json_node *refund, const char *currency, int64_t *ret_e4)
{
	struct json_node *at = json_node_first(json_node_get(refund, "transactions"));
	bool is_said = false;
	int64_t e4;

	for (*ret_e4 = 0; at; at = at->next) {
		if (strcmp(json_node_text_at(at, "kind"), "refund") != 0 ||
		    strcmp(json_node_text_at(at, "status"), "success") != 0 ||
		    !is_of_shop(json_node_text_at(at, "currency"), currency) ||
		    !shop_money_e4(json_node_text_at(at, "amount"), &e4))
			continue;
		*ret_e4 += e4;
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
	struct json_node *at = json_node_first(json_node_get(refund, "refund_line_items"));
	bool is_said = at != NULL;

	for (*ret_e4 = 0; at; at = at->next)
		*ret_e4 += money_at(at, "subtotal_set.shop_money.amount", "subtotal") +
			   money_at(at, "total_tax_set.shop_money.amount", "total_tax");
	return is_said;
}

/* A payment that is still on its way gives nothing back yet; its success is told again. */
static bool waits_for_payment(struct json_node *refund)
{
	struct json_node *at = json_node_first(json_node_get(refund, "transactions"));

	for (; at; at = at->next)
		if (strcmp(json_node_text_at(at, "kind"), "refund") == 0 &&
		    strcmp(json_node_text_at(at, "status"), "success") == 0)
			return false;
	return json_node_first(json_node_get(refund, "transactions")) != NULL;
}

static void read_refund_items(struct shop_reading *reading, struct json_node *refund,
			      struct shop_items *ret)
{
	struct json_node *lines = json_node_get(refund, "refund_line_items");

	ret->list = arena_alloc(reading->arena, (count_of(lines) + 1) * sizeof(*ret->list));
	for (struct json_node *at = json_node_first(lines); at; at = at->next) {
		struct shop_item item = read_item(json_node_get(at, "line_item"));

		item.quantity = whole(at, "quantity", 1);
		if (*item.line)
			ret->list[ret->count++] = item;
	}
}

static bool read_refund(struct shop_reading *reading, struct json_node *refund,
			const char *currency, struct shop_refund *ret)
{
	const char *processed = json_node_text_at(refund, "processed_at");
	int64_t e4;

	if (waits_for_payment(refund) ||
	    (!sum_transactions(refund, currency, &e4) && !sum_lines(refund, &e4)))
		return false;
	*ret = (struct shop_refund){
	    .id = json_node_text_at(refund, "id"),
	    .amount = shop_money_text(reading->arena, e4, currency),
	    .time_ms =
		shop_time_of(*processed ? processed : json_node_text_at(refund, "created_at")),
	};
	read_refund_items(reading, refund, &ret->items);
	return *ret->id;
}

static void read_refunds(struct shop_reading *reading, struct json_node *node,
			 struct shop_order *ret)
{
	struct json_node *refunds = json_node_get(node, "refunds");

	ret->refunds = arena_alloc(reading->arena, (count_of(refunds) + 1) * sizeof(*ret->refunds));
	for (struct json_node *at = json_node_first(refunds); at; at = at->next)
		if (read_refund(reading, at, ret->currency, &ret->refunds[ret->refund_count]))
			ret->refund_count++;
}

/* A parcel that was given up is none. */
static bool is_parcel(struct json_node *fulfillment)
{
	static const char *const given_up[] = {"cancelled", "error", "failure", NULL};

	return !is_one_of(json_node_text_at(fulfillment, "status"), given_up);
}

static void read_parcel(struct json_node *parcel, struct shop_order *ret, bool *all_there)
{
	const char *state = json_node_text_at(parcel, "shipment_status");
	int64_t updated_ms = shop_time_of(json_node_text_at(parcel, "updated_at"));
	bool is_there = shopify_is_delivered(state);

	ret->parcels++;
	*all_there = *all_there && is_there;
	if (strcmp(json_node_text_at(parcel, "status"), "success") == 0) {
		int64_t created_ms = shop_time_of(json_node_text_at(parcel, "created_at"));

		if (!ret->is_shipped || created_ms < ret->shipped_ms)
			ret->shipped_ms = created_ms;
		ret->is_shipped = true;
	}
	if (shopify_is_late(state))
		ret->late[ret->late_count++] = (struct shop_late){
		    .parcel = json_node_text_at(parcel, "id"), .time_ms = updated_ms};
	if (updated_ms > ret->delivered_ms)
		ret->delivered_ms = updated_ms;
}

static bool needs_shipping(struct json_node *node)
{
	struct json_node *at = json_node_first(json_node_get(node, "line_items"));

	for (; at; at = at->next)
		if (json_node_is_true(json_node_get(at, "requires_shipping")))
			return true;
	return false;
}

/*
 * An order is there when all of it was sent and all that was sent has come. While a part was sent,
 * there is at least one parcel more to come.
 */
static void read_parcels(struct shop_reading *reading, struct json_node *node,
			 struct shop_order *ret)
{
	struct json_node *list = json_node_get(node, "fulfillments");
	const char *state = json_node_text_at(node, "fulfillment_status");
	bool all_sent = strcmp(state, "fulfilled") == 0, all_there = true;

	ret->late = arena_alloc(reading->arena, (count_of(list) + 1) * sizeof(*ret->late));
	for (struct json_node *at = json_node_first(list); at; at = at->next)
		if (is_parcel(at))
			read_parcel(at, ret, &all_there);
	ret->is_delivered = all_sent && ret->parcels && (all_there || !needs_shipping(node));
	ret->parcels += ret->parcels && !all_sent;
	if (ret->parcels > 64)
		ret->parcels = 0;
}

/*
 * total_price is before refunds; current_total_price is after edits and refunds. Where nothing was
 * given back the second says what the edited order costs.
 */
static void read_amounts(struct json_node *node, struct shop_order *ret)
{
	const char *current = json_node_text_at(node, "current_total_price");

	ret->amount = json_node_text_at(node, "total_price");
	ret->kept_amount =
	    *current && !json_node_first(json_node_get(node, "refunds")) ? current : ret->amount;
	ret->currency = json_node_text_at(node, "currency");
	if (!*ret->currency)
		ret->currency = json_node_text_at(node, "total_price_set.shop_money.currency_code");
}

bool shopify_order_read(struct shop_reading *reading, struct json_node *node,
			struct shop_order *ret)
{
	static const char *const paid[] = {"authorized",         "paid",     "partially_paid",
					   "partially_refunded", "refunded", NULL};
	static const char *const pending[] = {"pending", NULL};
	const char *state = json_node_text_at(node, "financial_status");
	const char *processed = json_node_text_at(node, "processed_at");

	*ret = shop_order_none();
	ret->id = json_node_text_at(node, "id");
	ret->is_test = json_node_is_true(json_node_get(node, "test"));
	ret->is_paid = is_one_of(state, paid);
	ret->is_pending = is_one_of(state, pending);
	ret->is_edited = strcmp(reading->delivery->topic, "orders/create") != 0;
	ret->placed_ms =
	    shop_time_of(*processed ? processed : json_node_text_at(node, "created_at"));
	ret->updated_ms = shop_time_of(json_node_text_at(node, "updated_at"));
	ret->is_cancelled = json_node_get(node, "cancelled_at") != NULL;
	ret->cancelled_ms = shop_time_of(json_node_text_at(node, "cancelled_at"));
	ret->accepts_marketing = json_node_is_true(json_node_get(node, "buyer_accepts_marketing"));
	read_person(reading, node, &ret->person);
	read_amounts(node, ret);
	read_items(reading, node, ret);
	read_parcels(reading, node, ret);
	read_refunds(reading, node, ret);
	return *ret->id;
}
