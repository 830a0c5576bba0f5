/* templates.c - see templates.h: the set, without files.  templates_open.c reads them. */
#include "templates.h"

#include <stdlib.h>

#include "../../common/base/text.h"

const char *const send_template_variables[] = {
    "customer.name",
    "customer.first_name", /* empty when it is not known */
    "shop.name",
    "shop.postal_address",
    "subject",     /* not in a subject itself */
    "unsubscribe", /* a link; empty when the class needs no consent */
    "also",        /* a list: what rides in this mail; not in a block or subject */
    "html",        /* of one of them, and its text */
    "text",
    /* The request's own; empty when it does not bring them. */
    "order.id",
    "order.amount",
    "coupon",
    "orders",
    "first_order",
    "page",
    "public_link",
    "score",
    NULL,
};

static const char *const part_names[TEMPLATE_PART_COUNT] = {"subject", "txt", "html", "block.txt",
							    "block.html"};
/* Whose pieces a part includes. */
static const enum template_part pieces_of[TEMPLATE_PART_COUNT] = {
    TEMPLATE_SUBJECT, TEMPLATE_TXT, TEMPLATE_HTML, TEMPLATE_TXT, TEMPLATE_HTML};

struct template
{
	struct template *next;
	const char *name;
	const struct mustache *parts[TEMPLATE_PART_COUNT];
};

struct template_set {
	struct arena arena;
	struct template *templates; /* sorted by name; pieces begin with '_' */
	const char **names;
};

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

static const struct template *find(const struct template_set *set, struct slice name)
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

/* "tips.html.mustache" -> tips and html. */
static int split_file(const char *file, struct slice *ret_name, enum template_part *ret_part,
		      struct err *err)
{
	const char *dot = strchr(file, '.');
	size_t len = dot ? (size_t)(dot - file) : 0;

	for (int part = 0; dot && part < TEMPLATE_PART_COUNT; part++) {
		size_t part_len = strlen(part_names[part]);

		if (strncmp(dot + 1, part_names[part], part_len) == 0 &&
		    strcmp(dot + 1 + part_len, ".mustache") == 0 && len > 0 && len <= 100) {
			*ret_name = slice_of(file, len);
			*ret_part = (enum template_part)part;
			return 0;
		}
	}
	return err_config(err,
			  "%.150s: expected NAME.subject.mustache, NAME.txt.mustache, "
			  "NAME.html.mustache, NAME.block.txt.mustache or NAME.block.html.mustache",
			  file);
}

int template_set_add(struct template_set *set, const char *file, struct slice text, struct err *err)
{
	const struct mustache *compiled;
	enum template_part part = TEMPLATE_SUBJECT;
	struct template *template;
	struct slice name = {0};

	if (split_file(file, &name, &part, err) < 0)
		return -1;
	if (!text_is_utf8(text))
		return err_config(err, "%s: not UTF-8", file);
	if (mustache_compile(text, file, &set->arena, &compiled, err) < 0)
		return -1;
	template = find_or_add(set, name);
	if (template->parts[part])
		return err_config(err, "%s: there are two of it", file);
	template->parts[part] = compiled;
	return 0;
}

static bool is_known(struct slice name)
{
	if (slice_equal(name, slice_text(".")))
		return true;
	for (const char *const *known = send_template_variables; *known; known++)
		if (slice_equal(name, slice_text(*known)))
			return true;
	return false;
}

/* Known, but not in this part. */
static bool is_elsewhere(struct slice name, enum template_part part)
{
	if (part == TEMPLATE_SUBJECT && slice_equal(name, slice_text("subject")))
		return true;
	return part != TEMPLATE_TXT && part != TEMPLATE_HTML &&
	       slice_equal(name, slice_text("also"));
}

static size_t known_count(void)
{
	return sizeof(send_template_variables) / sizeof(*send_template_variables) - 1;
}

static int check_reference(const struct template_set *set, const char *file,
			   enum template_part part, const struct mustache_reference *reference,
			   struct err *err)
{
	const struct template *piece;
	const char *nearest;

	if (reference->is_partial) {
		piece = find(set, reference->name);
		if (piece && piece->parts[pieces_of[part]])
			return 0;
		return err_config(err, "%s.%s.mustache:%u: there is no %.*s.%s.mustache", file,
				  part_names[part], reference->line, SLICE_ARGS(reference->name),
				  part_names[pieces_of[part]]);
	}
	if (is_known(reference->name) && !is_elsewhere(reference->name, part))
		return 0;
	nearest = text_nearest(reference->name, send_template_variables, known_count());
	return err_config(err, "%s.%s.mustache:%u: the variable \"%.*s\" is not known%s%s%s", file,
			  part_names[part], reference->line, SLICE_ARGS(reference->name),
			  nearest ? "; did you mean \"" : "", nearest ? nearest : "",
			  nearest ? "\"?" : "");
}

/* Pieces have the parts that are asked for; of the blocks there are two, or none. */
static bool is_optional(const struct template *template, enum template_part part)
{
	bool has_block =
	    template->parts[TEMPLATE_BLOCK_TXT] || template->parts[TEMPLATE_BLOCK_HTML];

	return template->name[0] == '_' || (part >= TEMPLATE_BLOCK_TXT && !has_block);
}

static int check_template(const struct template_set *set, const struct template *template,
			  struct err *err)
{
	for (int part = 0; part < TEMPLATE_PART_COUNT; part++) {
		struct mustache_reference reference;
		size_t position = 0;

		if (!template->parts[part] && is_optional(template, (enum template_part)part))
			continue;
		if (!template->parts[part])
			return err_config(err, "%s.%s.mustache: missing", template->name,
					  part_names[part]);
		while (mustache_next_reference(template->parts[part], &position, &reference))
			if (check_reference(set, template->name, (enum template_part)part,
					    &reference, err) < 0)
				return -1;
	}
	return 0;
}

int template_set_check(struct template_set *set, struct err *err)
{
	size_t count = 0;

	for (const struct template *t = set->templates; t; t = t->next, count++)
		if (check_template(set, t, err) < 0)
			return -1;
	set->names = arena_alloc(&set->arena, (count + 1) * sizeof(*set->names));
	count = 0;
	for (const struct template *t = set->templates; t; t = t->next)
		if (t->name[0] != '_')
			set->names[count++] = t->name;
	set->names[count] = NULL;
	return 0;
}

const char *const *template_set_names(const struct template_set *set)
{
	return set->names;
}

bool template_set_has(const struct template_set *set, const char *name)
{
	return name[0] != '_' && find(set, slice_text(name));
}

bool template_set_has_block(const struct template_set *set, const char *name)
{
	const struct template *template = name[0] == '_' ? NULL : find(set, slice_text(name));

	return template && template->parts[TEMPLATE_BLOCK_HTML];
}

enum { PIECES_DEPTH_MAX = 4 };

/* Itself, or a piece of it. */
static bool has_reference(const struct template_set *set, const struct mustache *compiled,
			  enum template_part part, struct slice name, unsigned depth)
{
	struct mustache_reference reference;
	size_t position = 0;

	while (compiled && depth < PIECES_DEPTH_MAX &&
	       mustache_next_reference(compiled, &position, &reference)) {
		const struct template *piece;

		if (!reference.is_partial && slice_equal(reference.name, name))
			return true;
		piece = reference.is_partial ? find(set, reference.name) : NULL;
		if (piece && has_reference(set, piece->parts[part], part, name, depth + 1))
			return true;
	}
	return false;
}

bool template_set_shows_riders(const struct template_set *set, const char *name)
{
	const struct template *template = find(set, slice_text(name));
	struct slice also = slice_text("also");

	return template &&
	       has_reference(set, template->parts[TEMPLATE_TXT], TEMPLATE_TXT, also, 0) &&
	       has_reference(set, template->parts[TEMPLATE_HTML], TEMPLATE_HTML, also, 0);
}

/* What a template of one part may include: pieces of the same part. */
struct pieces {
	const struct template_set *set;
	enum template_part part;
};

static const struct mustache *find_piece(const void *context, struct slice name)
{
	const struct pieces *pieces = context;
	const struct template *template = find(pieces->set, name);

	return template ? template->parts[pieces_of[pieces->part]] : NULL;
}

int template_set_render(const struct template_set *set, const char *name, enum template_part part,
			const struct mustache_value *values, struct buf *out, struct err *err)
{
	struct pieces pieces = {set, part};
	struct mustache_options options = {
	    .escape = pieces_of[part] == TEMPLATE_HTML ? MUSTACHE_HTML : MUSTACHE_PLAIN,
	    .find = find_piece,
	    .context = &pieces,
	};
	const struct template *template = find(set, slice_text(name));

	if (!template || name[0] == '_')
		return err_set(err, "there is no template \"%.100s\"", name);
	if (!template->parts[part])
		return err_set(err, "there is no %.100s.%s.mustache", name, part_names[part]);
	return mustache_render(template->parts[part], values, &options, out, err);
}
