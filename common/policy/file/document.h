/*
 * document.h - a YAML file as a tree that knows its lines and paths.
 *
 * A strict subset of YAML: one document of mappings, lists and texts.
 * Anchors, aliases, tags, empty values and keys that appear twice are errors,
 * so what a reader of the file sees is what is meant.  Whether a text is a
 * number or a time is for the reader of the value to say (value.h).
 *
 * The tree lives in the arena; nothing in it is ever NULL but where it says so.
 */
#ifndef NURTURE_POLICY_FILE_DOCUMENT_H
#define NURTURE_POLICY_FILE_DOCUMENT_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"

enum {
	DOCUMENT_MAX_BYTES = 256 * 1024,
	DOCUMENT_DEPTH_MAX = 32,
	DOCUMENT_ENTRIES_MAX = 4096, /* of one mapping or list */
};

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	const char *file;
	unsigned line;             /* from 1 */
	const struct node *parent; /* NULL at the root */
	const char *key;           /* when the parent is a mapping, else NULL */
	unsigned key_line;
	unsigned index;            /* in the parent, from 0 */
	struct node *first, *next; /* children; NULL at the end */
	unsigned count;            /* of children */
	const char *text;          /* of a text: printable UTF-8, one line; else "" */
	bool plain;                /* written without quotes */
};

/* The error's kind is ERR_CONFIG and its text begins with "FILE:LINE: ". */
int document_read(struct slice text, const char *file, struct arena *arena, const struct node **ret,
		  struct err *err);

/* The value of key, or NULL: also when node is not a mapping. */
const struct node *node_get(const struct node *node, const char *key);

/* Sets "FILE:LINE: PATH: " and the text; always returns -1. */
int node_error(const struct node *node, struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same about the key of node: the line is the key's, the path its mapping's. */
int node_key_error(const struct node *node, struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

int node_expect_map(const struct node *node, struct err *err);
/* A list of at least one entry. */
int node_expect_list(const struct node *node, struct err *err);

/* A text between quotes, cut to what an error has room for: node_quoted(text).text */
struct node_quoted {
	char text[80];
};
struct node_quoted node_quoted(const char *text);

#endif
