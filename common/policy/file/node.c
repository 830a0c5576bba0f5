/* node.c - see document.h.  Asks the tree, and says where something is wrong. */
#include "document.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* So that nothing is cut inside a character: what is cut is left out. */
enum { PATH_BYTES = 160, KEY_BYTES = 66, WHAT_BYTES = 350 };

const struct node *node_get(const struct node *node, const char *key)
{
	if (node->kind != NODE_MAP)
		return NULL;
	for (const struct node *child = node->first; child; child = child->next) {
		if (strcmp(child->key, key) == 0)
			return child;
	}
	return NULL;
}

/* "caps[1].per" into path, as much as has room; returns its length. */
static size_t path_of(const struct node *node, char path[PATH_BYTES])
{
	char piece[KEY_BYTES + 2];
	size_t used;

	path[0] = '\0';
	if (!node || !node->parent)
		return 0;
	used = path_of(node->parent, path);
	if (!node->key)
		snprintf(piece, sizeof(piece), "[%u]", node->index);
	else
		snprintf(piece, sizeof(piece), "%s%s", used ? "." : "",
			 strlen(node->key) < KEY_BYTES ? node->key : "...");
	if (used + strlen(piece) < PATH_BYTES) {
		memcpy(path + used, piece, strlen(piece) + 1);
		used += strlen(piece);
	}
	return used;
}

static int fail(const char *file, unsigned line, const struct node *at, struct err *err,
		const char *format, va_list args)
{
	char path[PATH_BYTES];
	char what[WHAT_BYTES];
	bool has_path = path_of(at, path) > 0;

	vsnprintf(what, sizeof(what), format, args);
	return err_config(err, "%.200s:%u: %s%s%s", file, line, path, has_path ? ": " : "", what);
}

int node_error(const struct node *node, struct err *err, const char *format, ...)
{
	/* A block that is wrong as a whole begins at its key, not at its first entry. */
	bool by_key = node->kind != NODE_TEXT && node->key;
	va_list args;

	va_start(args, format);
	fail(node->file, by_key ? node->key_line : node->line, node, err, format, args);
	va_end(args);
	return -1;
}

int node_key_error(const struct node *node, struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(node->file, node->key_line, node->parent, err, format, args);
	va_end(args);
	return -1;
}

static const char *kind_text(const struct node *node)
{
	switch (node->kind) {
	case NODE_TEXT:
		return "a text";
	case NODE_LIST:
		return "a list";
	case NODE_MAP:
		return "a mapping";
	}
	return "";
}

int node_expect_map(const struct node *node, struct err *err)
{
	if (node->kind == NODE_MAP)
		return 0;
	return node_error(node, err, "expected a mapping (key: value), found %s", kind_text(node));
}

int node_expect_list(const struct node *node, struct err *err)
{
	if (node->kind != NODE_LIST)
		return node_error(node, err, "expected a list ([a, b] or lines with -), found %s",
				  kind_text(node));
	if (node->count == 0)
		return node_error(node, err, "an empty list; expected at least one entry");
	return 0;
}

struct node_quoted node_quoted(const char *text)
{
	struct node_quoted ret;
	size_t room = sizeof(ret.text) - 6; /* quotes, dots and a NUL */
	size_t len = strlen(text);
	bool cut = len > room;

	if (cut) { /* never inside a character */
		for (len = room; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	}
	snprintf(ret.text, sizeof(ret.text), "\"%.*s%s\"", (int)len, text, cut ? "..." : "");
	return ret;
}
