/* mustache_scan.c - see mustache_scan.h. */
#include "mustache_scan.h"

#include <stdio.h>

int mustache_fail(const struct mustache_source *source, unsigned line, const char *what,
		  struct slice name)
{
	if (!name.len)
		return err_config(source->err, "%s:%u: %s", source->file, line, what);
	if (name.len > 60)
		name.len = 60;
	return err_config(source->err, "%s:%u: %s \"%.*s\"", source->file, line, what,
			  SLICE_ARGS(name));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool mustache_is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

static const char *search(const char *from, const char *end, const char *what)
{
	return memmem(from, (size_t)(end - from), what, strlen(what));
}

unsigned mustache_count_lines(const char *from, const char *to)
{
	unsigned lines = 0;

	while ((from = memchr(from, '\n', (size_t)(to - from)))) {
		lines++;
		from++;
	}
	return lines;
}

/* Sigil, name and end of the tag that begins at ret->from. */
static int read_tag(const struct mustache_source *source, struct mustache_tag *ret)
{
	const char *name = ret->from + strlen(source->open), *to;
	char close[MUSTACHE_DELIMITER_BYTES + 2];

	if (name < source->end && *name && strchr("#^/>&{!=", *name))
		ret->sigil = *name++;
	snprintf(close, sizeof(close), "%s%s",
		 ret->sigil == '{'   ? "}"
		 : ret->sigil == '=' ? "="
				     : "",
		 source->close);
	to = search(name, source->end, close);
	if (!to)
		return mustache_fail(source, ret->line,
				     "a tag is not closed:", slice_text(source->open));
	ret->name = slice_trim(slice_of(name, (size_t)(to - name)), " \t\r\n");
	ret->to = to + strlen(close);
	return 0;
}

/* Alone on its line? Then the text before it ends where the line begins, and the line is gone. */
static void look_around(const struct mustache_source *source, struct mustache_tag *tag)
{
	const char *from = tag->from, *to = tag->to;

	if (!tag->sigil || tag->sigil == '&' || tag->sigil == '{')
		return;
	while (from > source->start && is_blank(from[-1]))
		from--;
	if (from > source->start && from[-1] != '\n')
		return;
	while (to < source->end && is_blank(*to))
		to++;
	if (source->end - to >= 2 && to[0] == '\r' && to[1] == '\n')
		to++;
	if (to < source->end && *to != '\n')
		return;
	tag->is_standalone = true;
	tag->indent = slice_of(from, (size_t)(tag->from - from));
	tag->text_end = from;
	tag->next = to < source->end ? to + 1 : to;
}

int mustache_next_tag(const struct mustache_source *source, const char *at, unsigned line,
		      struct mustache_tag *ret)
{
	const char *from = search(at, source->end, source->open);

	if (!from)
		return 0;
	*ret = (struct mustache_tag){.from = from};
	ret->line = line + mustache_count_lines(at, from);
	if (read_tag(source, ret) < 0)
		return -1;
	ret->text_end = ret->from;
	ret->next = ret->to;
	look_around(source, ret);
	return 1;
}

static bool is_delimiter(const char *from, const char *to)
{
	if (from == to || to - from >= MUSTACHE_DELIMITER_BYTES)
		return false;
	for (; from < to; from++)
		if (mustache_is_space(*from) || !*from || *from == '=')
			return false;
	return true;
}

int mustache_set_delimiters(struct mustache_source *source, const struct mustache_tag *tag)
{
	const char *from = (const char *)tag->name.bytes, *end = from + tag->name.len;
	const char *blank = from, *second;

	while (blank < end && !mustache_is_space(*blank))
		blank++;
	for (second = blank; second < end && mustache_is_space(*second);)
		second++;
	if (!is_delimiter(from, blank) || !is_delimiter(second, end))
		return mustache_fail(source, tag->line, "expected two delimiters in", tag->name);
	snprintf(source->open, sizeof(source->open), "%.*s", (int)(blank - from), from);
	snprintf(source->close, sizeof(source->close), "%.*s", (int)(end - second), second);
	return 0;
}
