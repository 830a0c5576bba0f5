/*
 * shop_order.h - an order as any shop describes it, and the rooms between a payload and its events.
 *
 * A reader of one shop's payload fills a shop_order; shop_facts.c makes events of it. For the
 * files of this folder alone. Pure.
 */
#ifndef NURTURE_INGEST_SHOPS_SHOP_ORDER_H
#define NURTURE_INGEST_SHOPS_SHOP_ORDER_H

#include "common/codec/json_node.h"
#include "nurture/v1/event.pb-c.h"
#include "shop.h"

/* A time that the payload does not say. */
#define SHOP_NO_TIME INT64_MIN

/* What all functions on the way from a payload to its events share. */
struct shop_reading {
	enum shop_kind kind;
	const struct shop_source *source;
	const struct catalogue *catalogue; /* NULL: none */
	const struct shop_delivery *delivery;
	struct arena *arena;
	struct shop_events *events;
};

struct shop_person {
	const char *id;    /* the shop's; "" or "0": a guest */
	const char *email; /* as it was written */
	const char *name, *locale, *country;
	const char *province; /* of the country, as the shop writes it; may be NULL */
};

struct shop_item {
	const char *line; /* id of the line */
	const char *sku, *product, *variant, *name, *category, *price;
	int64_t quantity;      /* as it was ordered */
	int64_t kept_quantity; /* after edits, before refunds */
};
struct shop_items {
	struct shop_item *list;
	size_t count;
};

struct shop_refund {
	const char *id;     /* "whole" when the shop has none */
	const char *amount; /* "": all that the order cost */
	int64_t time_ms;
	struct shop_items items;
};

struct shop_return {
	const char *id;
	bool is_closed;
	int64_t time_ms;
};

struct shop_late {
	const char *parcel;
	int64_t time_ms;
};

struct shop_order {
	const char *id;
	struct shop_person person;
	bool is_test, is_paid, is_pending;
	bool is_edited; /* what it has in it may have changed since it was placed */
	bool is_shipped, is_delivered, is_cancelled;
	bool accepts_marketing;
	const char *amount, *kept_amount, *currency; /* kept: after edits, before refunds; or "" */
	struct shop_items items;
	unsigned parcels;                                                      /* 0: not said */
	int64_t placed_ms, updated_ms, shipped_ms, delivered_ms, cancelled_ms; /* or SHOP_NO_TIME */
	struct shop_late *late;
	struct shop_refund *refunds;
	struct shop_return *returns;
	size_t late_count, refund_count, return_count;
};
/* An order of which nothing is known. */
struct shop_order shop_order_none(void);

/* The facts of an order as events. */
void shop_order_emit(struct shop_reading *reading, const struct shop_order *order);

/* shopify_order.c, shopify_graphql.c, woocommerce_order.c: false when it has no id. */
bool shopify_order_read(struct shop_reading *reading, struct json_node *node,
			struct shop_order *ret);
bool shopify_graphql_read(struct shop_reading *reading, struct json_node *node,
			  struct shop_order *ret);
bool woocommerce_order_read(struct shop_reading *reading, struct json_node *node,
			    struct shop_order *ret);
/* shopify_order.c: a line of an order; a whole number of it, or otherwise where none is. */
struct shop_item shopify_item(struct json_node *line);
int64_t shopify_whole(struct json_node *node, const char *path, int64_t otherwise);
/* shopify_refund.c: the order's refunds; those that are not to be told yet are left out. */
void shopify_refunds(struct shop_reading *reading, struct json_node *node, struct shop_order *ret);
/*
 * What the order costs after edits and before refunds: current_total_price is after both, so the
 * refunds are added to it. "" when it is not there or what a refund gave back cannot be known,
 * as while a payment is on its way.
 */
const char *shopify_kept_amount(struct shop_reading *reading, struct json_node *node,
				const char *currency);
/* What was given back is still of the order: current_quantity leaves it out. */
void shopify_add_given_back(struct shop_reading *reading, struct json_node *node,
			    struct shop_items *items);
/* shopify.c, woocommerce.c: one delivery that is JSON. */
void shopify_read(struct shop_reading *reading, struct json_node *root);
void woocommerce_read(struct shop_reading *reading, struct json_node *root);
/* shopify_people.c: customers, their consent, and one parcel that names its inbox. */
void shopify_customer(struct shop_reading *reading, struct json_node *root);
void shopify_consent(struct shop_reading *reading, struct json_node *root);
void shopify_merge(struct shop_reading *reading, struct json_node *root);
void shopify_erase(struct shop_reading *reading, struct json_node *root);
void shopify_data_request(struct shop_reading *reading, struct json_node *root);
/* shopify_parcel.c */
void shopify_fulfillment(struct shop_reading *reading, struct json_node *root);
/* What a parcel's state means: is it there, is it late? */
bool shopify_is_delivered(const char *state);
bool shopify_is_late(const char *state);

/* shop.c: notes why something became no event; detail may be NULL. */
void shop_skip(struct shop_reading *reading, enum shop_skip skip, const char *detail);

/* shop.c: how many elements a list has; 0 of what is none. */
size_t shop_list_count(struct json_node *list);

/*
 * shop_event.c: a new event with its customer; suffix is what the id ends with behind
 * "shopify:SHOP:". Publish it with shop_event_add(), which skips it when it is not valid.
 */
Nurture__V1__Event *shop_event_new(struct shop_reading *reading, const char *type,
				   const char *suffix, int64_t time_ms, const char *customer);
Nurture__V1__Order *shop_event_order(struct shop_reading *reading, Nurture__V1__Event *event,
				     const char *id);
/* The items, with what the catalogue says of each; quantities after edits when is_kept. */
void shop_event_items(struct shop_reading *reading, Nurture__V1__Order *order,
		      const struct shop_items *items, bool is_kept);
void shop_event_add(struct shop_reading *reading, Nurture__V1__Event *event);

/*
 * person.c: the customer's id by the source's key, in the arena; "" when it cannot be known, and
 * the reason is noted.
 */
const char *shop_person_key(struct shop_reading *reading, const struct shop_person *person);
/* "email:" and 20 digits, the same for one inbox however it is written; "" for no address. */
const char *shop_email_key(struct arena *arena, const char *email);
/* What the payload says of the person, into the event's customer. */
void shop_person_put(struct shop_reading *reading, const struct shop_person *person,
		     Nurture__V1__Customer *customer);
/*
 * The source's language and country where the customer has none. Only for order.placed: what is
 * told later is newer, and a default must not replace what the person has said.
 */
void shop_person_default(struct shop_reading *reading, Nurture__V1__Customer *customer);
/* "Ann Lee" of its parts. */
const char *shop_full_name(struct arena *arena, const char *first, const char *last);
/* What the class of marketing was answered. */
void shop_consent_put(struct shop_reading *reading, Nurture__V1__Customer *customer, bool given);

/* ids.c: the last segment of "gid://shopify/Order/1001", or the text itself. */
const char *shop_id_of(const char *gid);
/* RFC 3339, or without a zone in UTC ("2017-03-22T19:28:02"); SHOP_NO_TIME otherwise. */
int64_t shop_time_of(const char *text);

/*
 * money.c: the amount by its digits, rounded to what the currency (may be "") counts when it is
 * finer; a minus goes away. "" for what is no amount, an exponent among it.
 */
const char *shop_money(struct arena *arena, const char *text, const char *currency);
/* Ten-thousandths, without a minus; false for what is no amount. */
bool shop_money_e4(const char *text, int64_t *ret);

#endif
