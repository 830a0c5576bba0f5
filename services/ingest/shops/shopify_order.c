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

int64_t shopify_whole(struct json_node *node, const char *path, int64_t otherwise)
{
	const char *text = json_node_text_at(node, path);
	int64_t e4;

	return *text != '-' && shop_money_e4(text, &e4) ? e4 / 10000 : otherwise;
}

static void read_person(struct shop_reading *reading, struct json_node *node,
			struct shop_person *ret)
{
	struct json_node *customer = json_node_get(node, "customer");
	static const char *const places[] = {"shipping_address", "billing_address",
					     "customer.default_address"};

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
	for (size_t i = 0; i < 3 && !*ret->country; i++) {
		struct json_node *place = json_node_get(node, places[i]);

		ret->country = json_node_text_at(place, "country_code");
		ret->province = json_node_text_at(place, "province_code");
	}
}

struct shop_item shopify_item(struct json_node *line)
{
	struct shop_item ret = {
	    .line = json_node_text_at(line, "id"),
	    .sku = json_node_text_at(line, "sku"),
	    .product = json_node_text_at(line, "product_id"),
	    .variant = json_node_text_at(line, "variant_id"),
	    .name = json_node_text_at(line, "title"),
	    .price = json_node_text_at(line, "price"),
	    .category = json_node_is_true(json_node_get(line, "gift_card")) ? "gift-card" : "",
	    .quantity = shopify_whole(line, "quantity", 1),
	};

	ret.kept_quantity = shopify_whole(line, "current_quantity", ret.quantity);
	return ret;
}

static void read_items(struct shop_reading *reading, struct json_node *node, struct shop_order *ret)
{
	struct json_node *lines = json_node_get(node, "line_items");

	ret->items.list =
	    arena_alloc(reading->arena, (shop_list_count(lines) + 1) * sizeof(*ret->items.list));
	for (struct json_node *at = json_node_first(lines); at; at = at->next)
		ret->items.list[ret->items.count++] = shopify_item(at);
	shopify_add_given_back(reading, node, &ret->items);
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

	ret->late = arena_alloc(reading->arena, (shop_list_count(list) + 1) * sizeof(*ret->late));
	for (struct json_node *at = json_node_first(list); at; at = at->next)
		if (is_parcel(at))
			read_parcel(at, ret, &all_there);
	ret->is_delivered = all_sent && ret->parcels && (all_there || !needs_shipping(node));
	ret->parcels += ret->parcels && !all_sent;
	if (ret->parcels > 64)
		ret->parcels = 0;
}

static void read_amounts(struct shop_reading *reading, struct json_node *node,
			 struct shop_order *ret)
{
	ret->amount = json_node_text_at(node, "total_price");
	ret->currency = json_node_text_at(node, "currency");
	if (!*ret->currency)
		ret->currency = json_node_text_at(node, "total_price_set.shop_money.currency_code");
	ret->kept_amount = shopify_kept_amount(reading, node, ret->currency);
	if (!*ret->kept_amount)
		ret->kept_amount = ret->amount;
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
	read_amounts(reading, node, ret);
	read_items(reading, node, ret);
	read_parcels(reading, node, ret);
	shopify_refunds(reading, node, ret);
	return *ret->id;
}
