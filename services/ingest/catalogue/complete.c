/* complete.c - see complete.h. */
#include "complete.h"

#include "common/codec/json.h"
#include "common/codec/json_node.h"
#include "common/codec/shape.h"
#include "common/message/event.h"

/* What the catalogue knows and an item may not say itself. */
static const struct {
	const char *name;
	size_t offset;
} members[] = {
    {"category", offsetof(Nurture__V1__Item, category)},
    {"name", offsetof(Nurture__V1__Item, name)},
    {"url", offsetof(Nurture__V1__Item, url)},
    {"image", offsetof(Nurture__V1__Item, image)},
    {"gtin", offsetof(Nurture__V1__Item, gtin)},
};
enum { MEMBER_COUNT = sizeof(members) / sizeof(*members) };

static const char *text_of(const Nurture__V1__Item *item, size_t i)
{
	return *(char *const *)((const char *)item + members[i].offset);
}

/* The member that a key names; MEMBER_COUNT: none of ours. */
static size_t member_of(struct slice key)
{
	size_t i = 0;

	while (i < MEMBER_COUNT && !slice_is(key, members[i].name))
		i++;
	return i;
}

static bool says_nothing(struct slice raw)
{
	return slice_is(raw, "null") || slice_is(raw, "\"\"");
}

static void put_member(struct buf *out, const char **separator, struct slice key)
{
	buf_text(out, *separator);
	*separator = ",";
	json_put_text(out, key);
	buf_char(out, ':');
}

/* The item as it was written, and what it did not say. */
static void put_item(struct json_node *node, const Nurture__V1__Item *item, struct buf *out)
{
	bool is_said[MEMBER_COUNT + 1] = {false};
	const char *separator = "{";

	for (struct json_node *at = json_node_first(node); at; at = at->next) {
		size_t i = member_of(at->key);

		if (i < MEMBER_COUNT && says_nothing(at->raw))
			continue;
		is_said[i] = true;
		put_member(out, &separator, at->key);
		buf_add(out, at->raw.bytes, at->raw.len);
	}
	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		if (is_said[i] || !*text_of(item, i))
			continue;
		put_member(out, &separator, slice_text(members[i].name));
		json_put_text(out, slice_text(text_of(item, i)));
	}
	buf_char(out, '}');
}

static struct slice splice(struct slice value, const Nurture__V1__Order *order,
			   const bool *is_matched, struct arena *arena)
{
	struct buf out = BUF_MAX(2 * EVENT_MAX_BYTES);
	struct json_node *root = json_node_parse(value, arena);
	struct json_node *event =
	    json_node_get(root, "specversion") ? json_node_get(root, "data") : root;
	struct json_node *at = json_node_first(json_node_get(event, "order.items"));
	const uint8_t *from = value.bytes;
	struct slice ret = value;

	for (size_t i = 0; i < order->n_items && at; i++, at = at->next) {
		if (!is_matched[i])
			continue;
		buf_add(&out, from, (size_t)(at->raw.bytes - from));
		put_item(at, order->items[i], &out);
		from = at->raw.bytes + at->raw.len;
	}
	buf_add(&out, from, (size_t)(value.bytes + value.len - from));
	if (!buf_failed(&out) && out.len <= EVENT_MAX_BYTES)
		ret = slice_of(arena_copy(arena, out.bytes, out.len), out.len);
	buf_free(&out);
	return ret;
}

static struct slice pack(struct slice value, const Nurture__V1__Event *event, struct arena *arena)
{
	struct buf out = BUF_MAX(EVENT_MAX_BYTES);
	struct slice ret = value;

	shape_write_protobuf(event, &out);
	if (!buf_failed(&out))
		ret = slice_of(arena_copy(arena, out.bytes, out.len), out.len);
	buf_free(&out);
	return ret;
}

/* Whether any item of the order got something. */
static bool fill_items(const struct catalogue *catalogue, Nurture__V1__Order *order,
		       bool *is_matched, struct completed *counts)
{
	for (size_t i = 0; i < order->n_items; i++) {
		Nurture__V1__Item *item = order->items[i];
		const char *const key = item->sku;
		const struct catalogue_row *row;

		if (*item->category)
			continue;
		row = catalogue_find(catalogue, &key, 1);
		is_matched[i] = row && *row->category;
		counts->matched += is_matched[i];
		counts->unmatched += !is_matched[i];
		if (is_matched[i])
			catalogue_fill(row, item);
	}
	return counts->matched > 0;
}

struct completed catalogue_complete(const struct catalogue *catalogue, struct slice value,
				    struct arena *arena)
{
	struct completed ret = {.value = value};
	struct err ignored;
	Nurture__V1__Event *event;
	bool *is_matched;

	if (event_decode(value, arena, &event, &ignored) < 0 || !event->order ||
	    !event->order->n_items)
		return ret;
	is_matched = arena_zalloc(arena, event->order->n_items * sizeof(*is_matched));
	if (fill_items(catalogue, event->order, is_matched, &ret))
		ret.value = shape_is_json(value) ? splice(value, event->order, is_matched, arena)
						 : pack(value, event, arena);
	return ret;
}
