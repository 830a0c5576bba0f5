/* templates.c - see templates.h: the set, without files.  templates_check.c checks it,
 * templates_open.c reads it. */
#include "templates.h"

#include <stdlib.h>

#include "common/base/text.h"
#include "template_file.h"
#include "templates_internal.h"

struct template_set *template_set_new(void)
{
	struct template_set *set = calloc(1, sizeof(*set));

	if (!set)
		abort();
	return set;
}

void template_set_free(struct template_set *set)
{
	if (!set)
		return;
	arena_free(&set->arena);
	free(set);
}

const struct template *template_find(const struct template_set *set, struct slice name)
{
	for (const struct template *t = set->templates; t; t = t->next)
		if (slice_equal(slice_text(t->name), name))
			return t;
	return NULL;
}

static struct template *find_or_add(struct template_set *set, struct slice name)
{
	struct template **link = &set->templates, *template;
	const char *text = arena_copy(&set->arena, name.bytes, name.len);

	while (*link && strcmp((*link)->name, text) < 0)
		link = &(*link)->next;
	if (*link && strcmp((*link)->name, text) == 0)
		return *link;
	template = arena_zalloc(&set->arena, sizeof(*template));
	template->name = text;
	template->next = *link;
	*link = template;
	return template;
}

static struct edition *edition_of(struct template_set *set, struct template *template,
				  struct slice locale)
{
	struct edition *edition = template->editions;

	while (edition && !locale_equal(slice_text(edition->locale), locale))
		edition = edition->next;
	if (edition)
		return edition;
	edition = arena_zalloc(&set->arena, sizeof(*edition));
	edition->locale = arena_copy(&set->arena, locale.bytes, locale.len);
	edition->next = template->editions;
	template->editions = edition;
	return edition;
}

const struct edition *template_nearest(const struct template *template, struct slice locale,
				       enum template_part part)
{
	for (;; locale = locale_wider(locale)) {
		for (const struct edition *e = template->editions; e; e = e->next)
			if (e->parts[part] && locale_equal(slice_text(e->locale), locale))
				return e;
		if (!locale.len)
			return NULL;
	}
}

int template_set_add(struct template_set *set, const char *file, struct slice text, struct err *err)
{
	const struct mustache *compiled;
	struct edition *edition;
	struct template_file parsed;

	if (template_file_parse(file, &parsed, err) < 0)
		return -1;
	if (!text_is_utf8(text))
		return err_config(err, "%s: not UTF-8", file);
	if (mustache_compile(text, file, &set->arena, &compiled, err) < 0)
		return -1;
	edition = edition_of(set, find_or_add(set, parsed.name), parsed.locale);
	if (edition->parts[parsed.part])
		return err_config(err, "%s: there are two of it", file);
	edition->parts[parsed.part] = compiled;
	return 0;
}

const char *const *template_set_names(const struct template_set *set)
{
	return set->names;
}

bool template_set_has(const struct template_set *set, const char *name)
{
	return name[0] != '_' && template_find(set, slice_text(name));
}

bool template_set_has_block(const struct template_set *set, const char *name)
{
	const struct template *template =
	    name[0] == '_' ? NULL : template_find(set, slice_text(name));

	return template && template_nearest(template, slice_of("", 0), TEMPLATE_BLOCK_HTML);
}

enum template_part template_piece_part(enum template_part part)
{
	if (part == TEMPLATE_BLOCK_TXT)
		return TEMPLATE_TXT;
	return part == TEMPLATE_BLOCK_HTML ? TEMPLATE_HTML : part;
}

/* Where a template of one part finds its pieces: in the same part, and in its language. */
struct pieces {
	const struct template_set *set;
	enum template_part part;
	struct slice locale;
};

static const struct mustache *find_piece(const void *context, struct slice name)
{
	const struct pieces *pieces = context;
	const struct template *template = template_find(pieces->set, name);
	const struct edition *edition =
	    template ? template_nearest(template, pieces->locale, pieces->part) : NULL;

	return edition ? edition->parts[pieces->part] : NULL;
}

int template_set_render(const struct template_set *set, const char *name, struct slice locale,
			enum template_part part, const struct mustache_value *values,
			struct buf *out, struct err *err)
{
	struct pieces pieces = {set, template_piece_part(part), locale};
	struct mustache_options options = {
	    .escape = pieces.part == TEMPLATE_HTML ? MUSTACHE_HTML : MUSTACHE_PLAIN,
	    .find = find_piece,
	    .context = &pieces,
	};
	const struct template *template = template_find(set, slice_text(name));
	const struct edition *edition;

	if (!template || name[0] == '_')
		return err_set(err, "there is no template \"%.100s\"", name);
	edition = template_nearest(template, locale, part);
	if (!edition)
		return err_set(err, "there is no %.100s.%s.mustache", name,
			       template_part_names[part]);
	if (!edition->locale[0])
		pieces.locale = slice_of("", 0); /* the whole mail is not in their language */
	return mustache_render(edition->parts[part], values, &options, out, err);
}
