/*
 * mustache_internal.h - a compiled template, for mustache_compile.c and
 * mustache.c only.
 */
#ifndef NURTURE_TEMPLATE_MUSTACHE_INTERNAL_H
#define NURTURE_TEMPLATE_MUSTACHE_INTERNAL_H

#include "mustache.h"

enum mustache_op_kind {
	MUSTACHE_OP_TEXT,  /* text as it is */
	MUSTACHE_OP_LINE,  /* a line of the template begins: the partial's indentation */
	MUSTACHE_OP_VALUE, /* escaped */
	MUSTACHE_OP_RAW,
	MUSTACHE_OP_SECTION,  /* up to the op at index end */
	MUSTACHE_OP_INVERTED, /* the same */
	MUSTACHE_OP_END,
	MUSTACHE_OP_PARTIAL, /* text: its indentation */
};

struct mustache_op {
	enum mustache_op_kind kind;
	unsigned line;
	struct slice text;
	struct slice name;         /* as written: "order.id", "." */
	const struct slice *parts; /* "order", "id"; none for "." */
	unsigned part_count;
	size_t end;
	bool is_standalone; /* PARTIAL: its lines are ours to indent */
};

struct mustache {
	const char *file;
	struct mustache_op *ops;
	size_t count;
};

#endif
