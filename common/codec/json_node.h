/*
 * json_node.h - JSON as a tree that keeps every token as it was written.
 *
 * For readers of other people's documents, whose numbers are ids of 18 digits and amounts: a
 * double would round both. An object or array is taken apart when it is first asked for a member,
 * so what nobody asks for costs one scan. Of equal keys the first counts.
 * Pure; all of it lives in the arena.
 */
#ifndef NURTURE_CODEC_JSON_NODE_H
#define NURTURE_CODEC_JSON_NODE_H

#include "common/base/arena.h"
#include "common/base/slice.h"

struct json_node {
	struct arena *arena;
	struct slice key; /* unescaped; empty in an array */
	struct slice raw; /* the value's bytes, borrowed from the document */
	struct json_node *first, *next;
	bool is_open;
};

/* NULL: not one JSON value as RFC 8259 has it (json.h). text must outlive the tree. */
struct json_node *json_node_parse(struct slice text, struct arena *arena);
/*
 * The value at "a.b.c" below the node; NULL when it is not there, or null, or the node is NULL. A
 * name must not have a dot in it.
 */
struct json_node *json_node_get(struct json_node *node, const char *path);
/* The first element of an array or member of an object; next leads on. NULL-safe. */
struct json_node *json_node_first(struct json_node *node);
/* A string unescaped, a number as it was written; "" for anything else, and for NULL. */
const char *json_node_text(struct json_node *node);
/* json_node_text() of the value at path. */
const char *json_node_text_at(struct json_node *node, const char *path);
/* Is it the literal true? */
bool json_node_is_true(const struct json_node *node);

#endif
