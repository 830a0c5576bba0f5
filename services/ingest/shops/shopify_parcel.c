/*
 * shopify_parcel.c - one parcel by itself: fulfillments/create and update.
 *
 * It names its order and, unlike the other topics about parts of an order, the inbox that the shop
 * writes to about it. So where people are their addresses, it can be told; otherwise nobody knows
 * whose it is. Whether the whole order has come, the segmenter knows from the number of parcels that
 * the order's own snapshots say.
 */
#include <strings.h>

#include "shop_order.h"

/* shopify.dev, Fulfillment.shipment_status; FulfillmentDisplayStatus in capitals. */
bool shopify_is_delivered(const char *state)
{
	return strcasecmp(state, "delivered") == 0 || strcasecmp(state, "picked_up") == 0;
}

bool shopify_is_late(const char *state)
{
	return strcasecmp(state, "delayed") == 0 || strcasecmp(state, "failure") == 0 ||
	       strcasecmp(state, "not_delivered") == 0 ||
	       strcasecmp(state, "attempted_delivery") == 0;
}

static void tell(struct shop_reading *reading, struct json_node *root, enum event_type type,
		 const char *fact, const char *customer)
{
	const char *order = json_node_text_at(root, "order_id");
	const char *parcel = json_node_text_at(root, "id");
	bool is_shipped = type == EVENT_ORDER_SHIPPED;
	int64_t time_ms =
	    shop_time_of(json_node_text_at(root, is_shipped ? "created_at" : "updated_at"));
	const char *suffix = is_shipped
				 ? arena_printf(reading->arena, "%s:%s", order, fact)
				 : arena_printf(reading->arena, "%s:%s:%s", order, fact, parcel);
	Nurture__V1__Event *event =
	    shop_event_new(reading, event_type_text(type), suffix, time_ms, customer);

	event->customer->email = arena_text(reading->arena, json_node_text_at(root, "email"));
	shop_event_order(reading, event, order);
	if (!is_shipped)
		event->order->parcel = arena_text(reading->arena, parcel);
	shop_event_add(reading, event);
}

void shopify_fulfillment(struct shop_reading *reading, struct json_node *root)
{
	const char *state = json_node_text_at(root, "shipment_status"), *customer;

	if (!*json_node_text_at(root, "id") || !*json_node_text_at(root, "order_id")) {
		shop_skip(reading, SHOP_SKIP_MALFORMED, "a fulfillment without id or order_id");
		return;
	}
	/* The order itself says "test", a parcel only what its receipt says (shopify.dev, Fulfillment). */
	if (json_node_is_true(json_node_get(root, "receipt.testcase")) &&
	    !reading->source->takes_tests) {
		shop_skip(reading, SHOP_SKIP_TEST_ORDER, NULL);
		return;
	}
	customer = reading->source->key == SHOP_KEY_EMAIL
		       ? shop_email_key(reading->arena, json_node_text_at(root, "email"))
		       : "";
	if (!*customer) {
		shop_skip(reading, SHOP_SKIP_NO_CUSTOMER, NULL);
		return;
	}
	if (strcmp(json_node_text_at(root, "status"), "success") == 0)
		tell(reading, root, EVENT_ORDER_SHIPPED, "shipped", customer);
	if (shopify_is_late(state))
		tell(reading, root, EVENT_ORDER_LATE, "late", customer);
	if (shopify_is_delivered(state))
		tell(reading, root, EVENT_ORDER_DELIVERED, "delivered", customer);
	if (reading->events->count == 0 && !reading->events->skipped[SHOP_SKIP_NO_TIME])
		shop_skip(reading, SHOP_SKIP_NO_FACT, NULL);
}
