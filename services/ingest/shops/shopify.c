/* shopify.c - Shopify's topics: which function reads which payload, and what is not ours. */
#include <strings.h>

#include "shop_order.h"

enum { LOOK_DEPTH = 4 };

static void read_order(struct shop_reading *reading, struct json_node *root)
{
	struct shop_order order;

	if (shopify_order_read(reading, root, &order))
		shop_order_emit(reading, &order);
	else
		shop_skip(reading, SHOP_SKIP_MALFORMED, "an order without id");
}

/* Parts of orders that name their order alone; orders/... and Events say whose it is. */
static void skip_part(struct shop_reading *reading, struct json_node *root)
{
	(void)root;
	shop_skip(reading, SHOP_SKIP_NO_CUSTOMER, NULL);
}

static void note_shop(struct shop_reading *reading, struct json_node *root)
{
	const char *domain = json_node_text_at(root, "shop_domain");

	if (!*domain)
		domain = json_node_text_at(root, "myshopify_domain");
	shop_skip(reading, SHOP_SKIP_SHOP_NOTICE,
		  arena_printf(reading->arena, "%s %s", reading->delivery->topic, domain));
}

static const struct topic {
	const char *name;
	void (*read)(struct shop_reading *reading, struct json_node *root);
} topics[] = {
    {"orders/create", read_order},
    {"orders/paid", read_order},
    {"orders/updated", read_order},
    {"orders/cancelled", read_order},
    {"orders/fulfilled", read_order},
    {"orders/partially_fulfilled", read_order},
    {"orders/edited", skip_part},
    {"orders/delete", skip_part},
    {"fulfillments/create", shopify_fulfillment},
    {"fulfillments/update", shopify_fulfillment},
    {"fulfillment_events/create", skip_part},
    {"fulfillment_events/delete", skip_part},
    {"refunds/create", skip_part},
    {"returns/request", skip_part},
    {"returns/approve", skip_part},
    {"returns/close", skip_part},
    {"returns/cancel", skip_part},
    {"returns/decline", skip_part},
    {"returns/reopen", skip_part},
    {"returns/process", skip_part},
    {"returns/update", skip_part},
    {"customers/create", shopify_customer},
    {"customers/update", shopify_customer},
    {"customers/enable", shopify_customer},
    {"customers/disable", shopify_customer},
    {"customers/merge", shopify_merge},
    {"customers/delete", shopify_erase},
    {"customers/redact", shopify_erase},
    {"customers/data_request", shopify_data_request},
    {"customers_email_marketing_consent/update", shopify_consent},
    {"shop/redact", note_shop},
    {"app/uninstalled", note_shop},
};

/*
 * Finds the order in what an Events subscription's query gave: the name of the member that has it
 * is the query's own.
 */
static struct json_node *find_order(struct json_node *node, unsigned depth)
{
	static const char gid[] = "gid://shopify/Order/";
	struct json_node *ret = NULL;

	if (depth == LOOK_DEPTH || !node || node->raw.bytes[0] != '{')
		return NULL;
	if (strncmp(json_node_text_at(node, "id"), gid, sizeof(gid) - 1) == 0)
		return node;
	for (struct json_node *at = json_node_first(node); at && !ret; at = at->next)
		ret = find_order(at, depth + 1);
	return ret;
}

/* A missing scope makes Shopify send errors in place of data, as long as nobody looks. */
static void note_query_errors(struct shop_reading *reading, struct json_node *root)
{
	struct json_node *first = json_node_first(json_node_get(root, "query_errors"));

	if (!first)
		first = json_node_first(json_node_get(root, "errors"));
	if (first)
		shop_skip(reading, SHOP_SKIP_QUERY_ERRORS,
			  arena_printf(reading->arena, "%.*s", SLICE_ARGS(first->raw)));
}

static void read_events(struct shop_reading *reading, struct json_node *root)
{
	struct json_node *node = find_order(root, 0);
	struct shop_order order;

	note_query_errors(reading, root);
	if (node && shopify_graphql_read(reading, node, &order))
		shop_order_emit(reading, &order);
	else if (!reading->events->skipped[SHOP_SKIP_QUERY_ERRORS])
		shop_skip(reading, SHOP_SKIP_MALFORMED, "no order in the query's result");
}

void shopify_read(struct shop_reading *reading, struct json_node *root)
{
	const char *topic = reading->delivery->topic;

	/* "Send test notification" of any topic: parcels and customers have no word of their own for it. */
	if (reading->delivery->is_test && !reading->source->takes_tests) {
		shop_skip(reading, SHOP_SKIP_TEST_ORDER, NULL);
		return;
	}
	/* Topics of Events are names of types ("Order"), those of webhooks have a slash. */
	if (strcasecmp(topic, "order") == 0) {
		read_events(reading, root);
		return;
	}
	for (size_t i = 0; i < sizeof(topics) / sizeof(*topics); i++)
		if (strcasecmp(topic, topics[i].name) == 0) {
			topics[i].read(reading, root);
			return;
		}
	shop_skip(reading, SHOP_SKIP_UNKNOWN_TOPIC,
		  *topic ? NULL : "no header X-Shopify-Topic says which it is");
}
