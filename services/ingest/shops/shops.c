/* shops.c - see shops.h. */
#include "shops.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "common/base/civil.h"
#include "common/codec/json.h"
#include "common/io/http/http_waiting.h"
#include "common/io/kafka/producer.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "signature.h"
#include "services/ingest/request_trace.h"

/* Shopify waits 5 s in all, the way there and TLS counted in (shopify.dev, "Webhooks"). */
enum { DELIVERY_MS = 3000, PREFIX_BYTES = sizeof("/v1/hooks/") - 1, PING_BYTES = 64 };

/* One delivery whose events are on their way. */
struct shop_pending {
	struct http_waiting waiting; /* first: it is what comes back */
	struct ing_shops *shops;
	size_t index; /* of the shop */
	int64_t begun_ms;
	size_t events;
	const char *skipped; /* the reason why a part of it is none, a constant; NULL: nothing */
	char why[200];
};

/* Where a request goes: which shop's words, and who says it is that shop. */
struct address {
	enum shop_kind kind;
	size_t index;
	const struct shop_hook *hook;
};

static void on_ack(void *opaque, const char *failure)
{
	http_waiting_told(opaque, failure == NULL);
}

int ing_shops_open(struct ing_shops *shops, const struct ing_shops_options *options,
		   struct err *err)
{
	const struct producer_options producer = {
	    .brokers = options->brokers,
	    .client_id = "nurture-ingest-shops",
	    .delivery_timeout_ms = DELIVERY_MS,
	    .acked = on_ack,
	};
	int32_t partitions;
	struct err ignored;

	shops->topic = options->topic;
	shops->catalogue = options->catalogue;
	shops->in_flight_max = options->in_flight_max;
	if (!shops->hooks.count)
		return 0;
	shop_counts_register(&shops->counts, &shops->hooks);
	if (producer_open(&shops->producer, &producer, err) < 0)
		return -1;
	/* The first look makes the client know the topic; whether it is there, /readyz says. */
	producer_partitions(shops->producer, shops->topic, &partitions, &ignored);
	return 0;
}

void ing_shops_close(struct ing_shops *shops)
{
	producer_close(&shops->producer);
	arena_free(&shops->arena);
}

bool ing_shops_ready(struct ing_shops *shops, struct err *err)
{
	return !shops->producer || producer_takes(shops->producer, shops->topic, err);
}

int ing_shops_check(struct ing_shops *shops, struct err *err)
{
	return shops->producer ? producer_check(shops->producer, err) : 0;
}

static void count(struct ing_shops *shops, size_t index, enum shop_result result)
{
	metric_add(shops->counts.deliveries[index][result], 1);
}

static void refuse_unavailable(struct ing_shops *shops, struct http_request *request, size_t index,
			       const char *why)
{
	count(shops, index, SHOP_RESULT_UNAVAILABLE);
	http_refuse(request, 503, "unavailable", why, "Retry-After: 5");
}

/* "/v1/hooks/shopify/harbour" */
static bool read_path(const struct ing_shops *shops, const char *path, struct address *ret)
{
	const char *kind = path + PREFIX_BYTES;
	size_t len = strcspn(kind, "/");

	if (!kind[len] || !shop_kind_find(slice_of(kind, len), &ret->kind))
		return false;
	ret->hook = shop_hook_find(&shops->hooks, slice_text(kind + len + 1));
	if (ret->hook)
		ret->index = (size_t)(ret->hook - shops->hooks.list);
	return ret->hook;
}

void ing_shops_admit(struct ing_shops *shops, struct http_request *request)
{
	struct address address;
	struct err err;

	if (!shops->hooks.count)
		http_refuse(request, 404, "not_found",
			    "no shop's webhooks are taken here: NURTURE_SHOP_HOOKS", NULL);
	else if (!read_path(shops, http_path(request), &address))
		http_refuse(request, 401, "unauthorized",
			    "expected /v1/hooks/shopify/ or /v1/hooks/woocommerce/ and the name of "
			    "a shop in NURTURE_SHOP_HOOKS",
			    NULL);
	else if (shops->stopping)
		refuse_unavailable(shops, request, address.index, "this instance is stopping");
	else if (!producer_takes(shops->producer, shops->topic, &err))
		refuse_unavailable(shops, request, address.index, err.text);
	else if (shops->in_flight >= shops->in_flight_max)
		refuse_unavailable(shops, request, address.index, "too many events wait for Kafka");
}

/* The value of a header of Shopify's, which Events send without the X-; "" when there is none. */
static const char *shopify_header(const struct http_request *request, const char *name)
{
	char with_x[64];
	const char *value;

	snprintf(with_x, sizeof(with_x), "X-%s", name);
	value = http_header(request, with_x);
	if (!value)
		value = http_header(request, name);
	return value ? value : "";
}

static const char *signature_of(const struct http_request *request, enum shop_kind kind)
{
	return kind == SHOP_SHOPIFY ? shopify_header(request, "Shopify-Hmac-Sha256")
				    : http_header(request, "X-WC-Webhook-Signature");
}

static struct shop_delivery delivery_of(const struct http_request *request, enum shop_kind kind)
{
	struct shop_delivery ret = {
	    .body = http_body(request), .topic = "", .action = "", .triggered_ms = clock_wall_ms()};
	const char *triggered, *topic;
	struct err ignored;

	if (kind == SHOP_WOOCOMMERCE) {
		topic = http_header(request, "X-WC-Webhook-Topic");
		ret.topic = topic ? topic : "";
		return ret;
	}
	ret.topic = shopify_header(request, "Shopify-Topic");
	ret.action = shopify_header(request, "Shopify-Action");
	ret.is_test = strcasecmp(shopify_header(request, "Shopify-Test"), "true") == 0;
	triggered = shopify_header(request, "Shopify-Triggered-At");
	rfc3339_parse(slice_text(triggered), &ret.triggered_ms, &ignored);
	return ret;
}

/* What WooCommerce asks when a webhook is saved: "webhook_id=7", not signed; it wants 200. */
static bool is_ping(const struct http_request *request, enum shop_kind kind)
{
	static const char ping[] = "webhook_id=";
	struct slice body = http_body(request);

	if (kind != SHOP_WOOCOMMERCE || body.len < sizeof(ping) || body.len > PING_BYTES ||
	    memcmp(body.bytes, ping, sizeof(ping) - 1) != 0)
		return false;
	for (size_t i = sizeof(ping) - 1; i < body.len; i++)
		if (body.bytes[i] < '0' || body.bytes[i] > '9')
			return false;
	return true;
}

/* {"events":0,"skipped":"test_order"}; why: "" or what was wrong with it. */
static void answer_stored(struct http_request *request, size_t events, const char *skipped,
			  const char *why)
{
	struct buf body = BUF_MAX(4096);

	buf_printf(&body, "{\"events\":%zu", events);
	if (skipped)
		buf_printf(&body, ",\"skipped\":\"%s\"", skipped);
	if (skipped && *why) {
		buf_text(&body, ",\"why\":");
		json_put_text(&body, slice_text(why));
	}
	buf_text(&body, "}\n");
	http_answer(request, 200, "application/json", NULL, buf_slice(&body));
	buf_free(&body);
}

static void answer(struct http_waiting *waiting, bool is_stored)
{
	struct shop_pending *pending = (struct shop_pending *)waiting;
	struct ing_shops *shops = pending->shops;
	int64_t events = (int64_t)pending->events;

	metric_observe_ms(shops->counts.seconds, clock_monotonic_ms() - pending->begun_ms);
	if (is_stored) {
		count(shops, pending->index,
		      events == 0 && pending->skipped ? SHOP_RESULT_SKIPPED : SHOP_RESULT_STORED);
		metric_add(shops->counts.events[pending->index], events);
		answer_stored(waiting->request, pending->events, pending->skipped, pending->why);
	} else {
		refuse_unavailable(shops, waiting->request, pending->index,
				   "not every event was stored; send it again");
	}
	free(pending);
	/* This comes last: the thread that waits for zero may free the shops. */
	atomic_fetch_sub(&shops->in_flight, events);
}

static const char *reason_of(const struct shop_events *events)
{
	const char *reason = NULL;

	for (int i = 0; i < SHOP_SKIP_COUNT; i++)
		if (events->skipped[i])
			reason = shop_skip_text((enum shop_skip)i);
	return reason;
}

static void pass_on(struct ing_shops *shops, struct http_request *request, size_t index,
		    const struct shop_events *events)
{
	struct shop_pending *pending = calloc(1, sizeof(*pending));
	struct ing_request_trace trace = ing_request_trace_of(request);
	struct err err;

	if (!pending)
		abort();
	pending->shops = shops;
	pending->index = index;
	pending->begun_ms = clock_monotonic_ms();
	pending->events = events->count;
	pending->skipped = reason_of(events);
	snprintf(pending->why, sizeof(pending->why), "%s", events->detail);
	atomic_fetch_add(&shops->in_flight, (int64_t)events->count);
	http_waiting_begin(&pending->waiting, request, answer);
	for (size_t i = 0; i < events->count; i++) {
		const struct shop_event *event = &events->list[i];

		http_waiting_add(&pending->waiting);
		if (producer_send_traced(
			shops->producer, shops->topic, -1, event->key, event->value, RECORD_EVENT,
			ing_request_trace_next(&trace, shops->topic), &pending->waiting, &err) != 1)
			http_waiting_told(&pending->waiting, false);
	}
	http_waiting_told(&pending->waiting, true);
}

static bool is_worth_a_line(const struct shop_events *events)
{
	return events->skipped[SHOP_SKIP_SHOP_NOTICE] || events->skipped[SHOP_SKIP_QUERY_ERRORS] ||
	       events->skipped[SHOP_SKIP_UNKNOWN_STATUS] || events->skipped[SHOP_SKIP_MALFORMED] ||
	       events->skipped[SHOP_SKIP_INVALID];
}

static void note(struct ing_shops *shops, const struct address *address,
		 const struct shop_delivery *delivery, const struct shop_events *events)
{
	int64_t held;

	for (int i = 0; i < SHOP_SKIP_COUNT; i++)
		metric_add(shops->counts.skipped[address->index][i], events->skipped[i]);
	metric_add(shops->counts.mended[address->index], (int64_t)events->mended);
	/* A notice of the shop comes once in its life. */
	if (is_worth_a_line(events) &&
	    (log_limit_allows(&shops->skipped, clock_monotonic_ms(), &held) ||
	     events->skipped[SHOP_SKIP_SHOP_NOTICE]))
		log_event(LOG_LEVEL_WARN, "shop_skipped", "source", address->hook->source.name,
			  "reason", reason_of(events), "topic", delivery->topic, "why",
			  events->detail, "held_back", log_number(held), NULL);
}

static size_t count_items(const struct shop_events *events)
{
	return events->looked_up_items - events->unmatched_items;
}

static void read_and_pass_on(struct ing_shops *shops, struct http_request *request,
			     const struct address *address)
{
	struct shop_delivery delivery = delivery_of(request, address->kind);
	struct shop_events events;
	struct arena arena = {0};
	const struct catalogue *catalogue = catalogue_file_hold(shops->catalogue);

	shop_read(address->kind, &address->hook->source, catalogue, &delivery, &arena, &events);
	catalogue_file_release(shops->catalogue);
	catalogue_file_count(shops->catalogue, count_items(&events), events.unmatched_items);
	note(shops, address, &delivery, &events);
	pass_on(shops, request, address->index, &events);
	arena_free(&arena);
}

static void refuse_unsigned(struct ing_shops *shops, struct http_request *request,
			    const struct address *address)
{
	enum shop_kind another = address->kind == SHOP_SHOPIFY ? SHOP_WOOCOMMERCE : SHOP_SHOPIFY;
	char why[SHOP_UNSIGNED_BYTES];
	int64_t held;

	shop_say_unsigned(address->kind, signature_of(request, address->kind),
			  signature_of(request, another), why);
	count(shops, address->index, SHOP_RESULT_UNAUTHORIZED);
	if (log_limit_allows(&shops->unauthorized, clock_monotonic_ms(), &held))
		log_event(LOG_LEVEL_WARN, "shop_unauthorized", "source", address->hook->source.name,
			  "why", why, "held_back", log_number(held), NULL);
	http_refuse(request, 401, "unauthorized", why, NULL);
}

void ing_shops_receive(struct ing_shops *shops, struct http_request *request)
{
	struct address address;

	/* ing_shops_admit() has asked the same of the same path. */
	if (!read_path(shops, http_path(request), &address))
		abort();
	if (shop_is_signed(address.hook, http_body(request), signature_of(request, address.kind))) {
		read_and_pass_on(shops, request, &address);
	} else if (is_ping(request, address.kind)) {
		metric_add(shops->counts.skipped[address.index][SHOP_SKIP_PING], 1);
		count(shops, address.index, SHOP_RESULT_SKIPPED);
		answer_stored(request, 0, shop_skip_text(SHOP_SKIP_PING), "");
	} else {
		refuse_unsigned(shops, request, &address);
	}
}
