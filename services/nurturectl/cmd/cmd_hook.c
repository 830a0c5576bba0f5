/* cmd_hook.c - what a shop's webhook becomes, without a server: the events of one payload. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "common/io/process/clock.h"
#include "services/ingest/shops/shop_config.h"

enum { BODY_MAX_BYTES = 1 << 20 };

struct hook_values {
	const char *shop, *topic, *action, *options, *catalogue;
	int64_t at_ms;
};

static const struct command_option options[] = {
    {"shop", OPTION_TEXT, offsetof(struct hook_values, shop), "NAME", NULL, true, 0, 0,
     "shopify or woocommerce"},
    {"topic", OPTION_TEXT, offsetof(struct hook_values, topic), "TOPIC", NULL, false, 0, 0,
     "as the header says it; default orders/updated, order.updated"},
    {"action", OPTION_TEXT, offsetof(struct hook_values, action), "ACTION", "update", false, 0, 0,
     "of Shopify's Events, whose topic is Order"},
    {"options", OPTION_TEXT, offsetof(struct hook_values, options), "TEXT", "shop=shop", false, 0,
     0, "as behind the secret in NURTURE_SHOP_HOOKS: \"shop=harbour key=id\""},
    {"catalogue", OPTION_TEXT, offsetof(struct hook_values, catalogue), "FILE", NULL, false, 0, 0,
     "categories by sku or product id; default NURTURE_CATALOGUE"},
    {"at", OPTION_TIME_MS, offsetof(struct hook_values, at_ms), "TIME", NULL, false, 0, 0,
     "when the shop says it was sent, for what has no time of its own; default now"},
    {0}};

static int read_source(const char *text, struct arena *arena, struct shop_source *ret,
		       struct err *err)
{
	*ret = SHOP_SOURCE;
	ret->shop = "shop";
	while (*text) {
		size_t len = strcspn(text, " ");

		if (len && shop_option_parse(slice_of(text, len), arena, ret, err) < 0)
			return err_prefix(err, "--options");
		text += len + (text[len] == ' ');
	}
	return 0;
}

static int read_file(const char *path, size_t max_bytes, struct arena *arena, struct slice *ret,
		     struct err *err)
{
	char *bytes;
	size_t len;

	if (file_read(path, max_bytes, &bytes, &len, err) < 0)
		return -1;
	*ret = slice_of(arena_copy(arena, bytes, len), len);
	free(bytes);
	return 0;
}

/* Events on stdout; why something is none on stderr. 1: it could not be understood. */
static int print(const struct shop_events *events)
{
	for (size_t i = 0; i < events->count; i++)
		printf("%.*s\n", SLICE_ARGS(events->list[i].value));
	for (int i = 0; i < SHOP_SKIP_COUNT; i++)
		if (events->skipped[i])
			fprintf(stderr, "skipped: %s\n", shop_skip_text((enum shop_skip)i));
	if (events->detail[0])
		fprintf(stderr, "because: %s\n", events->detail);
	if (events->mended)
		fprintf(stderr, "left out: %zu texts that no event may have\n", events->mended);
	if (events->unmatched_items)
		fprintf(stderr, "without category: %zu items\n", events->unmatched_items);
	return events->skipped[SHOP_SKIP_MALFORMED] || events->skipped[SHOP_SKIP_INVALID] ? EXIT_NO
											  : 0;
}

static int read(const struct invocation *call, struct arena *arena, struct err *err)
{
	const struct hook_values *values = call->values;
	struct shop_source source;
	struct shop_events events;
	struct shop_delivery delivery = {.action = values->action};
	enum shop_kind kind;

	if (!shop_kind_find(slice_text(values->shop), &kind))
		return err_config(err, "--shop: expected shopify or woocommerce, found \"%s\"",
				  values->shop);
	delivery.topic = values->topic          ? values->topic
			 : kind == SHOP_SHOPIFY ? "orders/updated"
						: "order.updated";
	delivery.triggered_ms = values->at_ms == OPTION_ABSENT ? clock_wall_ms() : values->at_ms;
	if (read_source(values->options, arena, &source, err) < 0 ||
	    read_file(call->arguments[0], BODY_MAX_BYTES, arena, &delivery.body, err) < 0 ||
	    settings_catalogue(call->settings, values->catalogue, err) < 0)
		return -1;
	shop_read(kind, &source, call->settings->catalogue, &delivery, arena, &events);
	return print(&events);
}

static int run(const struct invocation *call, struct err *err)
{
	struct arena arena = {0};
	int r = read(call, &arena, err);

	arena_free(&arena);
	return r;
}

const struct command cmd_hook = {
    .name = "hook",
    .line = "the events that a shop's webhook becomes",
    .arguments = "FILE",
    .argument_min = 1,
    .argument_max = 1,
    .options = options,
    .values_bytes = sizeof(struct hook_values),
    .text = "FILE is the body of one delivery of Shopify or WooCommerce. Prints each event on a\n"
	    "line, as ingest would publish it, and on stderr why something became none. No server\n"
	    "is needed. Exit 1 when the body could not be understood.",
    .run = run,
};
