/*
 * woocommerce.c - WooCommerce's topics (class-wc-webhook.php).
 *
 * Orders with a number of their own come whole; of what was deleted only the id is left.
 */
#include "shop_order.h"
#include "woocommerce_text.h"

static void read_order(struct shop_reading *reading, struct json_node *root)
{
	struct shop_order order;

	if (woocommerce_order_read(reading, root, &order))
		shop_order_emit(reading, &order);
	else
		shop_skip(reading, SHOP_SKIP_MALFORMED, "an order without id");
}

static void skip_deleted(struct shop_reading *reading, struct json_node *root)
{
	(void)root;
	shop_skip(reading, SHOP_SKIP_NO_CUSTOMER, NULL);
}

static void read_customer(struct shop_reading *reading, struct json_node *root)
{
	const char *modified = json_node_text_at(root, "date_modified_gmt");
	struct shop_person person = {
	    .id = json_node_text_at(root, "id"),
	    .email = json_node_text_at(root, "email"),
	    .name = woocommerce_text(reading->arena,
				     shop_full_name(reading->arena,
						    json_node_text_at(root, "first_name"),
						    json_node_text_at(root, "last_name"))),
	    .locale = "",
	    .country = json_node_text_at(root, "billing.country"),
	    .province = json_node_text_at(root, "billing.state"),
	};
	const char *customer;
	Nurture__V1__Event *event;

	if (!*modified) /* who has not changed since */
		modified = json_node_text_at(root, "date_created_gmt");
	if (!*person.id) {
		shop_skip(reading, SHOP_SKIP_MALFORMED, "a customer without id");
		return;
	}
	customer = shop_person_key(reading, &person);
	if (!*customer)
		return;
	event = shop_event_new(reading, event_type_text(EVENT_CUSTOMER_UPDATED),
			       arena_printf(reading->arena, "customer:%s:%s", person.id, modified),
			       shop_time_of(modified), customer);
	shop_person_put(reading, &person, event->customer);
	shop_event_add(reading, event);
}

/*
 * Ids of WooCommerce begin at 1 in every shop: without key=id nobody can say whom the id means
 * here, and to forget somebody else would be worse.
 */
static void erase_customer(struct shop_reading *reading, struct json_node *root)
{
	struct shop_person person = {.id = json_node_text_at(root, "id"),
				     .email = json_node_text_at(root, "email"),
				     .name = "",
				     .locale = "",
				     .country = ""};
	const char *customer = shop_person_key(reading, &person);

	if (*customer)
		shop_event_add(
		    reading,
		    shop_event_new(reading, event_type_text(EVENT_CUSTOMER_ERASED),
				   arena_printf(reading->arena, "customer:%s:erased", person.id),
				   reading->delivery->triggered_ms, customer));
}

void woocommerce_read(struct shop_reading *reading, struct json_node *root)
{
	static const struct {
		const char *name;
		void (*read)(struct shop_reading *reading, struct json_node *root);
	} topics[] = {
	    {"order.created", read_order},        {"order.updated", read_order},
	    {"order.restored", read_order},       {"order.deleted", skip_deleted},
	    {"customer.created", read_customer},  {"customer.updated", read_customer},
	    {"customer.deleted", erase_customer},
	};

	for (size_t i = 0; i < sizeof(topics) / sizeof(*topics); i++)
		if (strcmp(reading->delivery->topic, topics[i].name) == 0) {
			topics[i].read(reading, root);
			return;
		}
	shop_skip(reading, SHOP_SKIP_UNKNOWN_TOPIC,
		  *reading->delivery->topic ? NULL
					    : "no header X-WC-Webhook-Topic says which it is");
}
