/*
 * shop.h - what a shop's own webhooks say, as events. Pure.
 *
 * Shopify and WooCommerce send snapshots: the whole order as it stands, again and again, under
 * several topics. Each fact in a snapshot becomes an event whose id follows from the fact
 * ("shopify:harbour:1001:placed") and whose time is the fact's own, so that neither the order of
 * arrival nor a repeat matters, and nothing has to be remembered here.
 *
 *	shopify.c, woocommerce.c     topics; what is not ours is skipped with a reason
 *	shopify_order.c, shopify_graphql.c, woocommerce_order.c    a snapshot into a shop_order
 *	shopify_refund.c             what such an order says was given back
 *	shop_facts.c                 a shop_order into events
 *	shop_event.c                 one event, checked
 *	person.c, money.c            whose it is; amounts by their digits
 *
 * Payloads: shopify.dev "Webhooks" and "Events" (2026-10), WooCommerce REST API v3.
 */
#ifndef NURTURE_INGEST_SHOPS_SHOP_H
#define NURTURE_INGEST_SHOPS_SHOP_H

#include "common/base/arena.h"
#include "common/base/slice.h"
#include "common/policy/event_type.h"
#include "services/ingest/catalogue/catalogue.h"

/* clang-format off */
#define SHOP_KINDS(X)                                                                              \
	X(SHOPIFY, "shopify")                                                                      \
	X(WOOCOMMERCE, "woocommerce")
/* Why a delivery, or a part of it, became no event. */
#define SHOP_SKIPS(X)                                                                              \
	X(UNKNOWN_TOPIC, "unknown_topic")   /* nothing of ours is in it */                         \
	X(TEST_ORDER, "test_order")                                                                \
	X(NO_CUSTOMER, "no_customer")       /* it does not say whose it is */                      \
	X(NO_EMAIL, "no_email")             /* of a source that knows people by their address */   \
	X(NO_FACT, "no_fact")               /* an order that is not paid, a draft */               \
	X(NO_TIME, "no_time")               /* the fact has no time that can be read */            \
	X(UNDECIDED, "undecided")           /* consent: pending or never asked */                  \
	X(MERGE_UNFINISHED, "merge_unfinished")                                                    \
	X(MERGE_BY_EMAIL, "merge_by_email") /* people are their addresses: nothing to merge */     \
	X(SHOP_NOTICE, "shop_notice")       /* app/uninstalled, shop/redact */                     \
	X(PING, "ping")                                                                            \
	X(NO_AMOUNT, "no_amount")           /* a refund that says none in the shop's money */      \
	X(CUT, "cut")                       /* told, without what was too much of it */            \
	X(QUERY_ERRORS, "query_errors")     /* Shopify could not run the subscription's query */   \
	X(UNKNOWN_STATUS, "unknown_status") /* of a plugin, which no option explains */            \
	X(MALFORMED, "malformed")           /* signed, and not JSON or not what the topic has */   \
	X(INVALID, "invalid")               /* even mended no event that may be published */
/* clang-format on */

enum shop_kind {
#define X(name, text) SHOP_##name,
	SHOP_KINDS(X)
#undef X
	    SHOP_KIND_COUNT
};
enum shop_skip {
#define X(name, text) SHOP_SKIP_##name,
	SHOP_SKIPS(X)
#undef X
	    SHOP_SKIP_COUNT
};
const char *shop_kind_text(enum shop_kind kind);
/* False: no shop of that name. */
bool shop_kind_find(struct slice name, enum shop_kind *ret);
const char *shop_skip_text(enum shop_skip skip);

enum shop_key { SHOP_KEY_EMAIL, SHOP_KEY_ID };
enum { SHOP_NAME_BYTES = 41, SHOP_STATUSES_MAX = 16 };

/* A status that a plugin of WooCommerce has added, and what it means. */
struct shop_status {
	char name[SHOP_NAME_BYTES]; /* without "wc-" */
	enum event_type type;
};

/* How a shop's words are taken; shop_config.h reads it. Texts are never NULL. */
struct shop_source {
	char name[SHOP_NAME_BYTES]; /* [a-z0-9_-]: a label, and the path */
	const char *shop;           /* in ids of events */
	enum shop_key key;          /* who somebody is */
	bool takes_pending;         /* an unpaid order counts as placed */
	bool takes_tests;           /* and so does a test order */
	enum event_type completed;  /* WooCommerce: what its "completed" is */
	const char *prefix;         /* before the ids of orders and (key=id) customers */
	const char *consent_class;  /* what marketing is in the policy */
	const char *consent_meta;   /* WooCommerce: the plugin's key in meta_data; "": none */
	const char *country;        /* of whom no payload says one; "" */
	const char *locale;         /* the same */
	unsigned status_count;
	struct shop_status statuses[SHOP_STATUSES_MAX];
};
/* What is not said otherwise. */
#define SHOP_SOURCE                                                                                \
	((struct shop_source){.shop = "",                                                          \
			      .completed = EVENT_ORDER_DELIVERED,                                  \
			      .prefix = "",                                                        \
			      .consent_class = "promotion",                                        \
			      .consent_meta = "",                                                  \
			      .country = "",                                                       \
			      .locale = ""})

/* One request of a shop. */
struct shop_delivery {
	struct slice body;
	const char *topic;    /* "orders/create", "Order", "order.updated"; "" when not said */
	const char *action;   /* of Shopify's Events: "update"; else "" */
	bool is_test;         /* the shop says in a header that it is one */
	int64_t triggered_ms; /* when the shop says that it happened, else when it came */
};

struct shop_event {
	const char *id, *type;
	struct slice key, value; /* of the record */
	int64_t time_ms;
};

enum { SHOP_EVENTS_MAX = 256 }; /* an order has no more facts than that; the rest is INVALID */
struct shop_events {
	size_t count;
	struct shop_event *list;
	bool skipped[SHOP_SKIP_COUNT];
	char detail[200];       /* of the last skip that needs one: what was wrong; or "" */
	size_t mended;          /* texts that were taken out (event_mend.h) */
	size_t looked_up_items; /* in the catalogue */
	size_t unmatched_items; /* of which it knows no category */
};

/*
 * Reads one delivery. catalogue may be NULL. ret and what it leads to live in the arena; texts of
 * events may be the source's.
 */
void shop_read(enum shop_kind kind, const struct shop_source *source,
	       const struct catalogue *catalogue, const struct shop_delivery *delivery,
	       struct arena *arena, struct shop_events *ret);

#endif
