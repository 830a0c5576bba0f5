/* mustache_compile.c - source text -> ops, in one pass.  mustache_scan.c finds the tags.  Pure. */
#include "mustache_internal.h"
#include "mustache_scan.h"

struct compiler {
	struct mustache_source source;
	const char *at;
	unsigned line; /* of at */
	struct arena *arena;
	struct mustache_op *ops;
	size_t count, room;
	bool at_line_start; /* of what will be written */
	size_t sections[MUSTACHE_DEPTH_MAX];
	size_t depth;
};

static const struct slice no_name;

static int fail(struct compiler *c, unsigned line, const char *what, struct slice name)
{
	return mustache_fail(&c->source, line, what, name);
}

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

static int add_named(struct compiler *c, const struct mustache_tag *tag, enum mustache_op_kind kind)
{
	for (size_t i = 0; i < tag->name.len; i++)
		if (mustache_is_space((char)tag->name.bytes[i]))
			return fail(c, tag->line, "blanks inside a name:", tag->name);
	return split_name(c, push(c, kind, tag->line), tag->name, tag->line);
}

static int open_section(struct compiler *c, const struct mustache_tag *tag)
{
	if (c->depth == MUSTACHE_DEPTH_MAX)
		return fail(c, tag->line, "sections are nested too deep at", tag->name);
	c->sections[c->depth++] = c->count;
	return add_named(c, tag, tag->sigil == '#' ? MUSTACHE_OP_SECTION : MUSTACHE_OP_INVERTED);
}

static int close_section(struct compiler *c, const struct mustache_tag *tag)
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

static int add_partial(struct compiler *c, const struct mustache_tag *tag)
{
	struct mustache_op *op = push(c, MUSTACHE_OP_PARTIAL, tag->line);

	if (!tag->name.len)
		return fail(c, tag->line, "a partial has no name", no_name);
	op->is_standalone = tag->is_standalone;
	op->name = slice_of(arena_copy(c->arena, tag->name.bytes, tag->name.len), tag->name.len);
	op->text =
	    slice_of(arena_copy(c->arena, tag->indent.bytes, tag->indent.len), tag->indent.len);
	return 0;
}

static int add_tag(struct compiler *c, const struct mustache_tag *tag)
{
	if (!tag->is_standalone && tag->sigil != '!' && tag->sigil != '=')
		begin_line(c, tag->line);
	switch (tag->sigil) {
	case '!':
		return 0;
	case '=':
		return mustache_set_delimiters(&c->source, tag);
	case '>':
		/* Its lines begin by themselves when it stands alone. */
		return add_partial(c, tag);
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
	struct mustache_tag tag;
	int found = mustache_next_tag(&c->source, c->at, c->line, &tag);

	if (found < 0)
		return -1;
	if (!found) {
		push_text(c, c->at, c->source.end, c->line);
		c->at = c->source.end;
		return 0;
	}
	push_text(c, c->at, tag.text_end, c->line);
	if (add_tag(c, &tag) < 0)
		return -1;
	c->line += mustache_count_lines(c->at, tag.next);
	c->at = tag.next;
	return 0;
}

int mustache_compile(struct slice source, const char *file, struct arena *arena,
		     const struct mustache **ret, struct err *err)
{
	const char *start = (const char *)source.bytes;
	struct compiler c = {.source = {.start = start,
					.end = start + source.len,
					.file = file,
					.open = "{{",
					.close = "}}",
					.err = err},
			     .at = start,
			     .line = 1,
			     .arena = arena,
			     .at_line_start = true};
	struct mustache *template;

	if (source.len > MUSTACHE_SOURCE_MAX_BYTES)
		return err_config(err, "%s: larger than %d bytes", file, MUSTACHE_SOURCE_MAX_BYTES);
	while (c.at < c.source.end)
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
