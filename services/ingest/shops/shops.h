/*
 * shops.h - POST /v1/hooks/shopify/NAME and /v1/hooks/woocommerce/NAME: what shops tell of
 * themselves, as events (docs/ingest.md, "Shops' webhooks").
 *
 * Shopify gives up a subscription and WooCommerce switches a webhook off after some answers that
 * are no 2xx. So what is signed gets 200, whether it became an event or not, and is counted; 401
 * is for a wrong signature, 503 for when Kafka is away. shop.h has the reading, which is pure.
 */
#ifndef NURTURE_INGEST_SHOPS_SHOPS_H
#define NURTURE_INGEST_SHOPS_SHOPS_H

#include "common/io/http/http.h"
#include "common/io/process/log_limit.h"
#include "services/ingest/catalogue/catalogue_file.h"
#include "shop_config.h"
#include "shop_counts.h"

enum { SHOP_BODY_MAX_BYTES = 1 << 20 };

struct producer;

struct ing_shops {
	struct shop_hooks hooks; /* none: the door is closed */
	struct arena arena;      /* of their texts */
	struct catalogue_file *catalogue;
	struct producer *producer; /* of its own: shops wait 5 s, no longer */
	const char *topic;
	int64_t in_flight_max; /* events */
	struct shop_counts counts;
	struct log_limit unauthorized, skipped; /* lines of the log */
	_Atomic int64_t in_flight;
	_Atomic bool stopping;
};

struct ing_shops_options {
	const char *brokers, *topic; /* topic: kept by reference */
	struct catalogue_file *catalogue;
	int64_t in_flight_max;
};

/* Opens the door when hooks has a shop; else does nothing. */
int ing_shops_open(struct ing_shops *shops, const struct ing_shops_options *options,
		   struct err *err);
/* What is in flight must have come back. */
void ing_shops_close(struct ing_shops *shops);
/* Whether records are taken, as far as is known; else why not. */
bool ing_shops_ready(struct ing_shops *shops, struct err *err);
/* -1: nothing can be sent any more. */
int ing_shops_check(struct ing_shops *shops, struct err *err);

/* Decides what the headers alone decide, before a body is read. */
void ing_shops_admit(struct ing_shops *shops, struct http_request *request);
void ing_shops_receive(struct ing_shops *shops, struct http_request *request);

#endif
