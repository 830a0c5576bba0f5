/*
 * woocommerce_order.c - an order of WooCommerce's REST API v3 (woocommerce.github.io,
 * "woocommerce-rest-api-docs", "Order properties").
 *
 * Times are in UTC without saying so (..._gmt), amounts are texts but for an item's price, which is
 * a number with as many digits as a division gives, and a guest has customer_id 0.
 */
#include "shop_order.h"
#include "woocommerce_text.h"

static bool is_yes(struct json_node *value)
{
	static const char *const yes[] = {"1", "yes", "true", "on", "subscribed"};
	const char *text = json_node_text(value);

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (strcmp(text, yes[i]) == 0)
			return true;
	return json_node_is_true(value);
}

/* What a newsletter plugin has noted on the order; only a yes says something. */
static bool accepts_marketing(struct shop_reading *reading, struct json_node *node)
{
	struct json_node *at = json_node_first(json_node_get(node, "meta_data"));
	const char *key = reading->source->consent_meta;

	for (; *key && at; at = at->next)
		if (strcmp(json_node_text_at(at, "key"), key) == 0)
			return is_yes(json_node_get(at, "value"));
	return false;
}

static void read_person(struct shop_reading *reading, struct json_node *node,
			struct shop_person *ret)
{
	ret->id = json_node_text_at(node, "customer_id");
	ret->email = json_node_text_at(node, "billing.email");
	ret->name = woocommerce_text(reading->arena,
				     shop_full_name(reading->arena,
						    json_node_text_at(node, "billing.first_name"),
						    json_node_text_at(node, "billing.last_name")));
	/* Where the person is: a gift is shipped to where somebody else is. */
	ret->country = json_node_text_at(node, "billing.country");
	ret->province = json_node_text_at(node, "billing.state");
	if (*ret->country)
		return;
	ret->country = json_node_text_at(node, "shipping.country");
	ret->province = json_node_text_at(node, "shipping.state");
}

/* Plugins sell by weight: a fraction counts as one more. */
static int64_t quantity_of(struct json_node *line)
{
	const char *text = json_node_text_at(line, "quantity");
	int64_t e4;

	if (*text == '-' || !shop_money_e4(text, &e4))
		return 1;
	return (e4 + 9999) / 10000;
}

static const char *id_or_none(const char *id)
{
	return strcmp(id, "0") == 0 ? "" : id;
}

static void read_items(struct shop_reading *reading, struct json_node *node, struct shop_order *ret)
{
	struct json_node *lines = json_node_get(node, "line_items");

	ret->items.list =
	    arena_alloc(reading->arena, (shop_list_count(lines) + 1) * sizeof(*ret->items.list));
	for (struct json_node *at = json_node_first(lines); at; at = at->next) {
		int64_t quantity = quantity_of(at);

		ret->items.list[ret->items.count++] = (struct shop_item){
		    .line = json_node_text_at(at, "id"),
		    .sku = json_node_text_at(at, "sku"),
		    .product = id_or_none(json_node_text_at(at, "product_id")),
		    .variant = id_or_none(json_node_text_at(at, "variation_id")),
		    .name = woocommerce_text(reading->arena, json_node_text_at(at, "name")),
		    .price = json_node_text_at(at, "price"),
		    .category = "",
		    .quantity = quantity,
		    .kept_quantity = quantity,
		};
	}
}

/* Refunds have no time of their own here: the order changed when the newest came. */
static void read_refunds(struct shop_reading *reading, struct json_node *node, const char *status,
			 struct shop_order *ret)
{
	struct json_node *refunds = json_node_get(node, "refunds");
	size_t count = shop_list_count(refunds);

	ret->refunds = arena_alloc(reading->arena, (count + 1) * sizeof(*ret->refunds));
	for (struct json_node *at = json_node_first(refunds); at; at = at->next)
		ret->refunds[ret->refund_count++] = (struct shop_refund){
		    .id = json_node_text_at(at, "id"),
		    .amount = json_node_text_at(at, "total"),
		    .time_ms = ret->updated_ms,
		};
	for (size_t i = 0; i < ret->refund_count; i++)
		if (!*ret->refunds[i].amount) /* not said, which is not "all of it" */
			ret->refunds[i].amount = "?";
	if (count == 0 && strcmp(status, "refunded") == 0)
		ret->refunds[ret->refund_count++] =
		    (struct shop_refund){.id = "whole", .amount = "", .time_ms = ret->updated_ms};
}

/* A status of a plugin, which the source's options explain. */
static void apply_status(struct shop_reading *reading, const char *status, struct shop_order *ret)
{
	for (unsigned i = 0; i < reading->source->status_count; i++) {
		const struct shop_status *known = &reading->source->statuses[i];

		if (strcmp(known->name, status) != 0)
			continue;
		/* Who never pays is cancelled as well: that says nothing about a payment. */
		if (known->type != EVENT_ORDER_CANCELLED)
			ret->is_paid = true;
		if (known->type == EVENT_ORDER_SHIPPED) {
			ret->is_shipped = true;
			ret->shipped_ms = ret->updated_ms;
		} else if (known->type == EVENT_ORDER_DELIVERED) {
			ret->is_delivered = true;
			ret->delivered_ms = ret->updated_ms;
		} else if (known->type == EVENT_ORDER_CANCELLED) {
			ret->is_cancelled = true;
			ret->cancelled_ms = ret->updated_ms;
		} else if (known->type == EVENT_ORDER_LATE) {
			ret->late[ret->late_count++] =
			    (struct shop_late){.parcel = ret->id, .time_ms = ret->updated_ms};
		}
	}
}

static void read_completion(struct shop_reading *reading, struct json_node *node,
			    const char *status, struct shop_order *ret)
{
	int64_t completed_ms = shop_time_of(json_node_text_at(node, "date_completed_gmt"));
	bool is_completed = strcmp(status, "completed") == 0;

	/* A refund later does not undo that it was completed. */
	if (!is_completed && (completed_ms == SHOP_NO_TIME || strcmp(status, "refunded") != 0))
		return;
	if (completed_ms == SHOP_NO_TIME)
		completed_ms = ret->updated_ms;
	if (reading->source->completed == EVENT_ORDER_SHIPPED) {
		ret->is_shipped = true;
		ret->shipped_ms = completed_ms;
	} else {
		ret->is_delivered = true;
		ret->delivered_ms = completed_ms;
	}
}

/* Orders that nobody has placed: every visitor of the block checkout makes the first one. */
static bool is_draft(const char *status)
{
	static const char *const drafts[] = {"checkout-draft", "auto-draft", "draft", "new",
					     "trash"};

	for (size_t i = 0; i < sizeof(drafts) / sizeof(*drafts); i++)
		if (strcmp(status, drafts[i]) == 0)
			return true;
	return false;
}

/*
 * Orders whose payment is not asked for at once, by the gateways that WooCommerce has of its own:
 * they stand placed (bank transfer and cheque on-hold, cash on delivery processing) before
 * date_paid is set. With others a payment that fails is one that may be tried again.
 */
static bool is_paid_later(struct shop_reading *reading, struct json_node *node)
{
	const char *method = json_node_text_at(node, "payment_method");

	return strcmp(method, "cod") == 0 ||
	       (reading->source->takes_pending &&
		(strcmp(method, "bacs") == 0 || strcmp(method, "cheque") == 0));
}

/* A status that neither WooCommerce has nor an option explains: its order may be underway, or not. */
static void note_unknown(struct shop_reading *reading, const char *status)
{
	static const char *const own[] = {"",          "pending",   "processing", "on-hold",
					  "completed", "cancelled", "refunded",   "failed"};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (strcmp(status, own[i]) == 0)
			return;
	for (unsigned i = 0; i < reading->source->status_count; i++)
		if (strcmp(reading->source->statuses[i].name, status) == 0)
			return;
	shop_skip(reading, SHOP_SKIP_UNKNOWN_STATUS,
		  arena_printf(reading->arena,
			       "status %.40s is of a plugin: say what it means with "
			       "status:%.40s=order.shipped or another type",
			       status, status));
}

static void read_status(struct shop_reading *reading, struct json_node *node,
			struct shop_order *ret)
{
	const char *status = json_node_text_at(node, "status");
	int64_t paid_ms = shop_time_of(json_node_text_at(node, "date_paid_gmt"));
	bool was_paid = paid_ms != SHOP_NO_TIME;

	if (strncmp(status, "wc-", 3) == 0)
		status += 3;
	if (is_draft(status))
		return;
	ret->is_paid = was_paid || strcmp(status, "processing") == 0 ||
		       strcmp(status, "completed") == 0 || strcmp(status, "refunded") == 0;
	ret->is_pending = strcmp(status, "on-hold") == 0;
	ret->is_cancelled =
	    strcmp(status, "cancelled") == 0 ||
	    (strcmp(status, "failed") == 0 && (was_paid || is_paid_later(reading, node)));
	ret->cancelled_ms = ret->updated_ms;
	if (ret->placed_ms == SHOP_NO_TIME)
		ret->placed_ms = paid_ms;
	ret->late = arena_alloc(reading->arena, SHOP_STATUSES_MAX * sizeof(*ret->late));
	note_unknown(reading, status);
	apply_status(reading, status, ret);
	read_completion(reading, node, status, ret);
	read_refunds(reading, node, status, ret);
}

bool woocommerce_order_read(struct shop_reading *reading, struct json_node *node,
			    struct shop_order *ret)
{
	*ret = shop_order_none();
	ret->id = json_node_text_at(node, "id");
	ret->placed_ms = shop_time_of(json_node_text_at(node, "date_created_gmt"));
	ret->updated_ms = shop_time_of(json_node_text_at(node, "date_modified_gmt"));
	ret->amount = ret->kept_amount = json_node_text_at(node, "total");
	ret->currency = json_node_text_at(node, "currency");
	ret->accepts_marketing = accepts_marketing(reading, node);
	ret->is_edited = strcmp(reading->delivery->topic, "order.created") != 0;
	read_person(reading, node, &ret->person);
	read_items(reading, node, ret);
	read_status(reading, node, ret);
	return *ret->id;
}
