/*
 * shopify_graphql.c - an order as the query of an Events subscription gives it
 * (deploy/shops/shopify-events.graphql; Admin API 2026-10, "Order").
 *
 * Ids are the last segments of its gids, which are the ids of the REST webhooks: both ways give
 * the same events.
 */
#include <strings.h>

#include "common/base/money.h"
#include "common/base/text.h"
#include "shop_order.h"

static struct json_node *nodes_of(struct json_node *node, const char *path)
{
	struct json_node *list = json_node_get(node, path);
	struct json_node *nodes = json_node_get(list, "nodes");

	return json_node_first(nodes ? nodes : list);
}

static size_t count_of(const struct json_node *first)
{
	size_t count = 0;

	for (; first; first = first->next)
		count++;
	return count;
}

static const char *id_at(struct json_node *node, const char *path)
{
	return shop_id_of(json_node_text_at(node, path));
}

static int64_t time_at(struct json_node *node, const char *path)
{
	return shop_time_of(json_node_text_at(node, path));
}

static int64_t whole(struct json_node *node, const char *path, int64_t otherwise)
{
	struct err ignored;
	int64_t ret;

	return text_int64(slice_text(json_node_text_at(node, path)), 0, INT32_MAX, &ret,
			  &ignored) == 0
		   ? ret
		   : otherwise;
}

static void read_person(struct shop_reading *reading, struct json_node *node,
			struct shop_person *ret)
{
	static const char *const places[] = {"shippingAddress", "billingAddress"};
	static const char *const emails[] = {"customer.defaultEmailAddress.emailAddress",
					     "customer.email", "email"};

	ret->id = id_at(node, "customer.id");
	for (size_t i = 0; i < 3 && !*ret->email; i++)
		ret->email = json_node_text_at(node, emails[i]);
	ret->name = shop_full_name(reading->arena, json_node_text_at(node, "customer.firstName"),
				   json_node_text_at(node, "customer.lastName"));
	ret->locale = json_node_text_at(node, "customerLocale");
	for (size_t i = 0; i < 2 && !*ret->country; i++) {
		struct json_node *place = json_node_get(node, places[i]);

		ret->country = json_node_text_at(place, "countryCodeV2");
		ret->province = json_node_text_at(place, "provinceCode");
	}
}

static struct shop_item read_item(struct json_node *line)
{
	struct shop_item ret = {
	    .line = id_at(line, "id"),
	    .sku = json_node_text_at(line, "sku"),
	    .product = id_at(line, "product.id"),
	    .variant = id_at(line, "variant.id"),
	    .name = json_node_text_at(line, "title"),
	    .price = json_node_text_at(line, "originalUnitPriceSet.shopMoney.amount"),
	    .category = json_node_is_true(json_node_get(line, "isGiftCard"))
			    ? "gift-card"
			    : json_node_text_at(line, "product.productType"),
	    .quantity = whole(line, "quantity", 1),
	};

	ret.kept_quantity = whole(line, "currentQuantity", ret.quantity);
	return ret;
}

static void read_items(struct shop_reading *reading, struct json_node *node, struct shop_order *ret)
{
	struct json_node *at = nodes_of(node, "lineItems");
	bool has_refunds = nodes_of(node, "refunds") != NULL;

	ret->items.list =
	    arena_alloc(reading->arena, (count_of(at) + 1) * sizeof(*ret->items.list));
	for (; at; at = at->next) {
		struct shop_item item = read_item(at);

		/* The query does not ask which lines were given back, and they are still of the
		 * order. */
		if (has_refunds)
			item.kept_quantity = item.quantity;
		ret->items.list[ret->items.count++] = item;
	}
}

/*
 * The price now is after edits and refunds, and what was given back is added again. A refund of
 * 0.00 has lines that the query does not ask for: then only the price that was agreed on is sure.
 */
static const char *kept_amount(struct shop_reading *reading, struct json_node *node,
			       const struct shop_order *order)
{
	const char *current = json_node_text_at(node, "currentTotalPriceSet.shopMoney.amount");
	int64_t kept_e4, e4;

	if (*current == '-' || !shop_money_e4(current, &kept_e4))
		return order->amount;
	for (struct json_node *at = nodes_of(node, "refunds"); at; at = at->next) {
		const char *amount = json_node_text_at(at, "totalRefundedSet.shopMoney.amount");

		if (!shop_money_e4(amount, &e4) || e4 == 0 ||
		    __builtin_add_overflow(kept_e4, e4, &kept_e4))
			return order->amount;
	}
	return money_of_e4(reading->arena, kept_e4, order->currency);
}

/* A page that is not the last: what stands on the next one is told of nowhere. */
static void note_pages(struct shop_reading *reading, struct json_node *node)
{
	static const char *const more[] = {"lineItems.pageInfo.hasNextPage",
					   "returns.pageInfo.hasNextPage"};

	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++)
		if (json_node_is_true(json_node_get(node, more[i])))
			shop_skip(reading, SHOP_SKIP_CUT, NULL);
}

static void read_refunds(struct shop_reading *reading, struct json_node *node,
			 struct shop_order *ret)
{
	struct json_node *at = nodes_of(node, "refunds");

	ret->refunds = arena_alloc(reading->arena, (count_of(at) + 1) * sizeof(*ret->refunds));
	for (; at; at = at->next) {
		struct shop_refund refund = {
		    .id = id_at(at, "id"),
		    .amount = json_node_text_at(at, "totalRefundedSet.shopMoney.amount"),
		    .time_ms = time_at(at, "createdAt"),
		};
		int64_t e4;

		/* 0.00: no payment has gone through yet */
		if (*refund.id && shop_money_e4(refund.amount, &e4) && e4)
			ret->refunds[ret->refund_count++] = refund;
	}
}

/* A return has no times of its own in the query: the order's newest is the nearest. */
static void read_returns(struct shop_reading *reading, struct json_node *node,
			 struct shop_order *ret)
{
	struct json_node *at = nodes_of(node, "returns");

	ret->returns = arena_alloc(reading->arena, (count_of(at) + 1) * sizeof(*ret->returns));
	for (; at; at = at->next) {
		const char *status = json_node_text_at(at, "status");

		if (*id_at(at, "id"))
			ret->returns[ret->return_count++] = (struct shop_return){
			    .id = id_at(at, "id"),
			    .is_closed = strcasecmp(status, "OPEN") != 0 &&
					 strcasecmp(status, "REQUESTED") != 0,
			    .time_ms = ret->updated_ms,
			};
	}
}

static void read_parcel(struct json_node *parcel, struct shop_order *ret, bool *all_there)
{
	const char *state = json_node_text_at(parcel, "displayStatus");
	int64_t updated_ms = time_at(parcel, "updatedAt");
	int64_t delivered_ms = time_at(parcel, "deliveredAt");
	int64_t created_ms = time_at(parcel, "createdAt");

	ret->parcels++;
	*all_there = *all_there && shopify_is_delivered(state);
	if (!ret->is_shipped || created_ms < ret->shipped_ms)
		ret->shipped_ms = created_ms;
	ret->is_shipped = true;
	if (shopify_is_late(state))
		ret->late[ret->late_count++] =
		    (struct shop_late){.parcel = id_at(parcel, "id"), .time_ms = updated_ms};
	if (delivered_ms == SHOP_NO_TIME)
		delivered_ms = updated_ms;
	if (delivered_ms > ret->delivered_ms)
		ret->delivered_ms = delivered_ms;
}

static bool needs_shipping(struct json_node *node)
{
	for (struct json_node *at = nodes_of(node, "lineItems"); at; at = at->next)
		if (json_node_is_true(json_node_get(at, "requiresShipping")))
			return true;
	return false;
}

static void read_parcels(struct shop_reading *reading, struct json_node *node,
			 struct shop_order *ret)
{
	struct json_node *at = nodes_of(node, "fulfillments");
	bool all_there = true;
	bool all_sent =
	    strcmp(json_node_text_at(node, "displayFulfillmentStatus"), "FULFILLED") == 0;

	ret->late = arena_alloc(reading->arena, (count_of(at) + 1) * sizeof(*ret->late));
	for (; at; at = at->next)
		if (strcmp(json_node_text_at(at, "status"), "SUCCESS") == 0)
			read_parcel(at, ret, &all_there);
	ret->is_delivered = all_sent && ret->parcels && (all_there || !needs_shipping(node));
	ret->parcels += ret->parcels && !all_sent;
	if (ret->parcels > 64)
		ret->parcels = 0;
}

static void read_state(struct json_node *node, struct shop_order *ret)
{
	static const char *const paid[] = {"AUTHORIZED", "PAID", "PARTIALLY_PAID",
					   "PARTIALLY_REFUNDED", "REFUNDED"};
	const char *state = json_node_text_at(node, "displayFinancialStatus");

	for (size_t i = 0; i < sizeof(paid) / sizeof(*paid); i++)
		ret->is_paid = ret->is_paid || strcmp(state, paid[i]) == 0;
	ret->is_pending = strcmp(state, "PENDING") == 0;
	ret->is_test = json_node_is_true(json_node_get(node, "test"));
	ret->placed_ms = time_at(node, "processedAt");
	if (ret->placed_ms == SHOP_NO_TIME)
		ret->placed_ms = time_at(node, "createdAt");
	ret->updated_ms = time_at(node, "updatedAt");
	ret->is_cancelled = json_node_get(node, "cancelledAt") != NULL;
	ret->cancelled_ms = time_at(node, "cancelledAt");
	ret->accepts_marketing = json_node_is_true(json_node_get(node, "customerAcceptsMarketing"));
}

bool shopify_graphql_read(struct shop_reading *reading, struct json_node *node,
			  struct shop_order *ret)
{
	*ret = shop_order_none();
	ret->id = id_at(node, "id");
	ret->is_edited = strcasecmp(reading->delivery->action, "create") != 0;
	ret->amount = json_node_text_at(node, "totalPriceSet.shopMoney.amount");
	ret->currency = json_node_text_at(node, "totalPriceSet.shopMoney.currencyCode");
	if (!*ret->currency)
		ret->currency = json_node_text_at(node, "currencyCode");
	ret->kept_amount = kept_amount(reading, node, ret);
	note_pages(reading, node);
	read_state(node, ret);
	read_person(reading, node, &ret->person);
	read_items(reading, node, ret);
	read_parcels(reading, node, ret);
	read_refunds(reading, node, ret);
	read_returns(reading, node, ret);
	return *ret->id;
}
