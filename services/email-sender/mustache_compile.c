/*
 * mustache_compile.c - source text -> ops.  Pure.
 *
 * One pass over the source.  A tag that is alone on its line (but for blanks)
 * takes the whole line with it, unless it is a variable; that is decided on the
 * source bytes left and right of the tag.
 */
#include "mustache_internal.h"

#include <stdio.h>

enum { DELIMITER_MAX_BYTES = 16 };

struct compiler {
	const char *at, *end, *start;
	const char *file;
	unsigned line; /* of at */
	struct arena *arena;
	struct mustache_op *ops;
	size_t count, room;
	char open[DELIMITER_MAX_BYTES], close[DELIMITER_MAX_BYTES];
	bool at_line_start; /* of what will be written */
	size_t sections[MUSTACHE_DEPTH_MAX];
	size_t depth;
	struct err *err;
};

/* A tag: what stands between the delimiters, and where it is. */
struct tag {
	char sigil; /* one of #^/>&{!= or 0: a variable */
	struct slice name;
	const char *from, *to; /* delimiters included */
	unsigned line;
};

static int fail(struct compiler *c, unsigned line, const char *what, struct slice name)
{
	int len = name.len > 60 ? 60 : (int)name.len;

	return err_config(c->err, "%s:%u: %s%s%.*s%s", c->file, line, what, len ? " \"" : "", len,
			  (const char *)name.bytes, len ? "\"" : "");
}

static const struct slice no_name;

static struct mustache_op *push(struct compiler *c, enum mustache_op_kind kind, unsigned line)
{
	if (c->count == c->room) {
		size_t room = c->room ? c->room * 2 : 32;
		struct mustache_op *ops = arena_alloc(c->arena, room * sizeof(*ops));

		if (c->count)
			memcpy(ops, c->ops, c->count * sizeof(*ops));
		c->ops = ops;
		c->room = room;
	}
	c->ops[c->count] = (struct mustache_op){.kind = kind, .line = line};
	return &c->ops[c->count++];
}

/* Before anything that is written: the place where an indentation would go. */
static void begin_line(struct compiler *c, unsigned line)
{
	if (c->at_line_start)
		push(c, MUSTACHE_OP_LINE, line);
	c->at_line_start = false;
}

static void push_text(struct compiler *c, const char *from, const char *to, unsigned line)
{
	while (from < to) {
		const char *newline = memchr(from, '\n', (size_t)(to - from));
		const char *stop = newline ? newline + 1 : to;
		size_t len = (size_t)(stop - from);

		begin_line(c, line++);
		push(c, MUSTACHE_OP_TEXT, line)->text =
		    slice_of(arena_copy(c->arena, from, len), len);
		c->at_line_start = newline != NULL;
		from = stop;
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

static struct slice trim(const char *from, const char *to)
{
	while (from < to && is_space(*from))
		from++;
	while (from < to && is_space(to[-1]))
		to--;
	return slice_of(from, (size_t)(to - from));
}

static const char *search(const char *from, const char *end, const char *what)
{
	return memmem(from, (size_t)(end - from), what, strlen(what));
}

static unsigned count_lines(const char *from, const char *to)
{
	unsigned lines = 0;

	while ((from = memchr(from, '\n', (size_t)(to - from)))) {
		lines++;
		from++;
	}
	return lines;
}

/* The tag that begins at from. */
static int read_tag(struct compiler *c, const char *from, unsigned line, struct tag *ret)
{
	const char *name = from + strlen(c->open), *to;
	char close[DELIMITER_MAX_BYTES + 2];

	ret->from = from;
	ret->line = line;
	ret->sigil = name < c->end && *name && strchr("#^/>&{!=", *name) ? *name++ : 0;
	snprintf(close, sizeof(close), "%s%s",
		 ret->sigil == '{'   ? "}"
		 : ret->sigil == '=' ? "="
				     : "",
		 c->close);
	to = search(name, c->end, close);
	if (!to)
		return fail(c, line, "a tag is not closed", trim(from, from + strlen(c->open)));
	ret->name = trim(name, to);
	ret->to = to + strlen(close);
	return 0;
}

/* Alone on its line: then *ret_from is where the line begins and *ret_to where the next does. */
static bool is_standalone(const struct compiler *c, const struct tag *tag, const char **ret_from,
			  const char **ret_to)
{
	const char *from = tag->from, *to = tag->to;

	if (!tag->sigil || tag->sigil == '&' || tag->sigil == '{')
		return false;
	while (from > c->start && is_blank(from[-1]))
		from--;
	if (from > c->start && from[-1] != '\n')
		return false;
	while (to < c->end && is_blank(*to))
		to++;
	if (to + 1 < c->end && to[0] == '\r' && to[1] == '\n')
		to++;
	if (to < c->end && *to != '\n')
		return false;
	*ret_from = from;
	*ret_to = to < c->end ? to + 1 : to;
	return true;
}

static int split_name(struct compiler *c, struct mustache_op *op, struct slice name, unsigned line)
{
	struct slice *parts = arena_alloc(c->arena, MUSTACHE_NAME_PARTS_MAX * sizeof(*parts));
	const char *at = arena_copy(c->arena, name.bytes, name.len), *end = at + name.len;

	op->name = slice_of(at, name.len);
	op->parts = parts;
	if (name.len == 1 && *at == '.')
		return 0;
	for (;;) {
		const char *dot = memchr(at, '.', (size_t)(end - at));
		size_t len = (size_t)((dot ? dot : end) - at);

		if (!len || op->part_count == MUSTACHE_NAME_PARTS_MAX)
			return fail(c, line, "a tag has no proper name:", name);
		parts[op->part_count++] = slice_of(at, len);
		if (!dot)
			return 0;
		at = dot + 1;
	}
}

static int add_named(struct compiler *c, const struct tag *tag, enum mustache_op_kind kind)
{
	for (size_t i = 0; i < tag->name.len; i++)
		if (is_space((char)tag->name.bytes[i]))
			return fail(c, tag->line, "blanks inside a name:", tag->name);
	return split_name(c, push(c, kind, tag->line), tag->name, tag->line);
}

static int open_section(struct compiler *c, const struct tag *tag)
{
	if (c->depth == MUSTACHE_DEPTH_MAX)
		return fail(c, tag->line, "sections are nested too deep at", tag->name);
	c->sections[c->depth++] = c->count;
	return add_named(c, tag, tag->sigil == '#' ? MUSTACHE_OP_SECTION : MUSTACHE_OP_INVERTED);
}

static int close_section(struct compiler *c, const struct tag *tag)
{
	struct mustache_op *begin;

	if (!c->depth)
		return fail(c, tag->line, "closes a section that is not open:", tag->name);
	begin = &c->ops[c->sections[--c->depth]];
	if (!slice_equal(begin->name, tag->name))
		return fail(c, tag->line, "closes another section than the innermost:", tag->name);
	begin->end = c->count;
	push(c, MUSTACHE_OP_END, tag->line);
	return 0;
}

static int set_delimiters(struct compiler *c, const struct tag *tag)
{
	const char *from = (const char *)tag->name.bytes, *end = from + tag->name.len;
	const char *blank = from;
	struct slice second;

	while (blank < end && !is_space(*blank))
		blank++;
	second = trim(blank, end);
	if (blank == from || blank - from >= DELIMITER_MAX_BYTES || !second.len ||
	    second.len >= DELIMITER_MAX_BYTES || memchr(from, '=', tag->name.len))
		return fail(c, tag->line, "expected two delimiters in", tag->name);
	for (size_t i = 0; i < second.len; i++)
		if (is_space((char)second.bytes[i]) || !second.bytes[i])
			return fail(c, tag->line, "expected two delimiters in", tag->name);
	if (memchr(from, 0, tag->name.len))
		return fail(c, tag->line, "expected two delimiters", no_name);
	snprintf(c->open, sizeof(c->open), "%.*s", (int)(blank - from), from);
	snprintf(c->close, sizeof(c->close), "%.*s", SLICE_ARGS(second));
	return 0;
}

static int add_partial(struct compiler *c, const struct tag *tag, bool standalone,
		       struct slice indent)
{
	struct mustache_op *op = push(c, MUSTACHE_OP_PARTIAL, tag->line);

	if (!tag->name.len)
		return fail(c, tag->line, "a partial has no name", no_name);
	op->is_standalone = standalone;
	op->name = slice_of(arena_copy(c->arena, tag->name.bytes, tag->name.len), tag->name.len);
	op->text = slice_of(arena_copy(c->arena, indent.bytes, indent.len), indent.len);
	return 0;
}

static int add_tag(struct compiler *c, const struct tag *tag, bool standalone, struct slice indent)
{
	if (!standalone && tag->sigil != '!' && tag->sigil != '=')
		begin_line(c, tag->line);
	switch (tag->sigil) {
	case '!':
		return 0;
	case '=':
		return set_delimiters(c, tag);
	case '>':
		/* Its lines begin by themselves when it stands alone. */
		return add_partial(c, tag, standalone, standalone ? indent : no_name);
	case '#':
	case '^':
		return open_section(c, tag);
	case '/':
		return close_section(c, tag);
	case '&':
	case '{':
		return add_named(c, tag, MUSTACHE_OP_RAW);
	default:
		return add_named(c, tag, MUSTACHE_OP_VALUE);
	}
}

/* Text up to the next tag, and the tag; at the end only text. */
static int compile_next(struct compiler *c)
{
	const char *open = search(c->at, c->end, c->open), *from, *to;
	struct tag tag;
	bool standalone;

	if (!open) {
		push_text(c, c->at, c->end, c->line);
		c->at = c->end;
		return 0;
	}
	if (read_tag(c, open, c->line + count_lines(c->at, open), &tag) < 0)
		return -1;
	from = tag.from;
	to = tag.to;
	standalone = is_standalone(c, &tag, &from, &to);
	push_text(c, c->at, from > c->at ? from : c->at, c->line);
	if (add_tag(c, &tag, standalone, slice_of(from, (size_t)(tag.from - from))) < 0)
		return -1;
	c->line += count_lines(c->at, to);
	c->at = to;
	return 0;
}

int mustache_compile(struct slice source, const char *file, struct arena *arena,
		     const struct mustache **ret, struct err *err)
{
	const char *start = (const char *)source.bytes;
	struct compiler c = {.start = start,
			     .at = start,
			     .end = start + source.len,
			     .file = file,
			     .line = 1,
			     .arena = arena,
			     .open = "{{",
			     .close = "}}",
			     .at_line_start = true,
			     .err = err};
	struct mustache *template;

	if (source.len > MUSTACHE_SOURCE_MAX_BYTES)
		return err_config(err, "%s: larger than %d bytes", file, MUSTACHE_SOURCE_MAX_BYTES);
	while (c.at < c.end)
		if (compile_next(&c) < 0)
			return -1;
	if (c.depth) {
		const struct mustache_op *section = &c.ops[c.sections[c.depth - 1]];

		return fail(&c, section->line, "a section is not closed:", section->name);
	}
	template = arena_alloc(arena, sizeof(*template));
	*template =
	    (struct mustache){.file = arena_text(arena, file), .ops = c.ops, .count = c.count};
	*ret = template;
	return 0;
}
