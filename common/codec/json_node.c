/* json_node.c - see json_node.h. */
#include "json_node.h"

#include "json.h"

static struct json_node *node_of(struct slice key, struct slice raw, struct arena *arena)
{
	struct json_node *node = arena_zalloc(arena, sizeof(*node));

	*node = (struct json_node){.arena = arena, .key = key, .raw = raw};
	return node;
}

struct json_node *json_node_parse(struct slice text, struct arena *arena)
{
	if (!json_is_strict(text))
		return NULL;
	return node_of(slice_text(""), slice_trim(text, " \t\r\n"), arena);
}

static void open_node(struct json_node *node)
{
	struct json_reader reader = json_reader_of(node->raw);
	struct json_node **end = &node->first;
	struct err ignored;

	node->is_open = true;
	if (node->raw.bytes[0] != '{' && node->raw.bytes[0] != '[')
		return;
	while (json_reader_next(&reader, node->arena, &ignored) == 1) {
		*end = node_of(reader.key, reader.value, node->arena);
		end = &(*end)->next;
	}
}

struct json_node *json_node_first(struct json_node *node)
{
	if (!node)
		return NULL;
	if (!node->is_open)
		open_node(node);
	return node->first;
}

static struct json_node *member(struct json_node *node, struct slice name)
{
	if (!node || node->raw.bytes[0] != '{')
		return NULL;
	for (struct json_node *at = json_node_first(node); at; at = at->next)
		if (slice_equal(at->key, name))
			return slice_is(at->raw, "null") ? NULL : at;
	return NULL;
}

struct json_node *json_node_get(struct json_node *node, const char *path)
{
	while (node && *path) {
		size_t len = strcspn(path, ".");

		node = member(node, slice_of(path, len));
		path += len + (path[len] == '.');
	}
	return node;
}

const char *json_node_text(struct json_node *node)
{
	struct slice text;

	if (!node)
		return "";
	text = node->raw;
	if (text.bytes[0] == '"')
		text = json_unescape(text, node->arena);
	else if (text.bytes[0] != '-' && (text.bytes[0] < '0' || text.bytes[0] > '9'))
		return "";
	return arena_copy(node->arena, text.bytes, text.len);
}

const char *json_node_text_at(struct json_node *node, const char *path)
{
	return json_node_text(json_node_get(node, path));
}

bool json_node_is_true(const struct json_node *node)
{
	return node && slice_is(node->raw, "true");
}
