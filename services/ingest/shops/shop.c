/* shop.c - see shop.h: what both shops have in common. */
#include "shop.h"

#include <stdio.h>

#include "common/base/text.h"
#include "shop_order.h"

static const char *const kinds[] = {
#define X(name, text) [SHOP_##name] = text,
    SHOP_KINDS(X)
#undef X
};

static const char *const skips[] = {
#define X(name, text) [SHOP_SKIP_##name] = text,
    SHOP_SKIPS(X)
#undef X
};

const char *shop_kind_text(enum shop_kind kind)
{
	return kinds[kind];
}

const char *shop_skip_text(enum shop_skip skip)
{
	return skips[skip];
}

bool shop_kind_find(struct slice name, enum shop_kind *ret)
{
	for (int i = 0; i < SHOP_KIND_COUNT; i++) {
		if (!slice_is(name, kinds[i]))
			continue;
		*ret = (enum shop_kind)i;
		return true;
	}
	return false;
}

size_t shop_list_count(struct json_node *list)
{
	size_t count = 0;

	for (struct json_node *at = json_node_first(list); at; at = at->next)
		count++;
	return count;
}

void shop_skip(struct shop_reading *reading, enum shop_skip skip, const char *detail)
{
	struct shop_events *events = reading->events;

	events->skipped[skip] = true;
	if (detail)
		snprintf(events->detail, sizeof(events->detail), "%s", detail);
}

/* Signed, and no JSON: what it is instead, as far as its bytes say. */
static const char *malformed(struct slice body, struct arena *arena)
{
	size_t at = text_utf8_bytes(body);

	if (body.len >= 2 && body.bytes[0] == 0x1f && body.bytes[1] == 0x8b)
		return "expected a JSON object, found gzip without Content-Encoding: gzip";
	if (body.len >= 3 && memcmp(body.bytes, "\xef\xbb\xbf", 3) == 0)
		return "expected a JSON object, found a byte order mark at byte 0";
	if (at < body.len)
		return arena_printf(arena,
				    "expected UTF-8, found a byte 0x%02x that is none at byte %zu",
				    body.bytes[at], at);
	return "expected a JSON object";
}

void shop_read(enum shop_kind kind, const struct shop_source *source,
	       const struct catalogue *catalogue, const struct shop_delivery *delivery,
	       struct arena *arena, struct shop_events *ret)
{
	struct shop_reading reading = {.kind = kind,
				       .source = source,
				       .catalogue = catalogue,
				       .delivery = delivery,
				       .arena = arena,
				       .events = ret};
	struct json_node *root;

	*ret = (struct shop_events){0};
	ret->list = arena_alloc(arena, SHOP_EVENTS_MAX * sizeof(*ret->list));
	root = json_node_parse(delivery->body, arena);
	if (!root || root->raw.bytes[0] != '{')
		shop_skip(&reading, SHOP_SKIP_MALFORMED, malformed(delivery->body, arena));
	else if (kind == SHOP_SHOPIFY)
		shopify_read(&reading, root);
	else
		woocommerce_read(&reading, root);
}
