/* templates_check.c - says what is wrong with a set of templates before anybody gets mail of it. */
#include "common/base/text.h"
#include "common/policy/mail_words.h"
#include "templates_internal.h"

static bool is_known(struct slice name)
{
	return slice_equal(name, slice_text(".")) || mail_word_find(name) != MAIL_WORD_COUNT;
}

/* Is it a word that mails know, but not in this part? */
static bool is_elsewhere(struct slice name, enum template_part part)
{
	if (part == TEMPLATE_SUBJECT && slice_equal(name, slice_text("subject")))
		return true;
	return part != TEMPLATE_TXT && part != TEMPLATE_HTML &&
	       slice_equal(name, slice_text("also"));
}

/* Which file a message is about: "tips.de.html.mustache". */
struct place {
	const struct template *template;
	const struct edition *edition;
	enum template_part part;
};
#define PLACE_FORMAT "%s%s%s.%s.mustache"
#define PLACE_ARGS(p)                                                                              \
	(p)->template->name, (p)->edition->locale[0] ? "." : "", (p)->edition->locale,             \
	    template_part_names[(p)->part]

static int check_reference(const struct template_set *set, const struct place *place,
			   const struct mustache_reference *reference, struct err *err)
{
	enum template_part part = template_piece_part(place->part);
	const struct template *piece;
	const char *likely;

	if (reference->is_partial) {
		piece = template_find(set, reference->name);
		if (piece && template_nearest(piece, slice_text(place->edition->locale), part))
			return 0;
		return err_config(err, PLACE_FORMAT ":%u: there is no %.*s.%s.mustache",
				  PLACE_ARGS(place), reference->line, SLICE_ARGS(reference->name),
				  template_part_names[part]);
	}
	if (is_known(reference->name) && !is_elsewhere(reference->name, place->part))
		return 0;
	likely = text_nearest(reference->name, mail_words, MAIL_WORD_COUNT);
	return err_config(err, PLACE_FORMAT ":%u: the variable \"%.*s\" is not known%s%s%s",
			  PLACE_ARGS(place), reference->line, SLICE_ARGS(reference->name),
			  likely ? "; did you mean \"" : "", likely ? likely : "",
			  likely ? "\"?" : "");
}

static bool has_block(const struct template *template)
{
	struct slice any = slice_of("", 0);

	return template_nearest(template, any, TEMPLATE_BLOCK_TXT) ||
	       template_nearest(template, any, TEMPLATE_BLOCK_HTML);
}

/* May the part be missing? Pieces have the parts that are asked for, mails both blocks or none. */
static bool is_optional(const struct place *place)
{
	return place->template->name[0] == '_' ||
	       (place->part >= TEMPLATE_BLOCK_TXT && !has_block(place->template) &&
		!place->edition->parts[TEMPLATE_BLOCK_TXT] &&
		!place->edition->parts[TEMPLATE_BLOCK_HTML]);
}

/*
 * Is the part there, in one language? de-AT may leave parts to de, but de leaves none to the rest.
 */
static bool is_there(const struct place *place)
{
	const char *locale = place->edition->locale;
	const struct edition *found =
	    template_nearest(place->template, slice_text(locale), place->part);

	return found && (found->locale[0] != '\0') == (locale[0] != '\0');
}

static int check_edition(const struct template_set *set, const struct template *template,
			 const struct edition *edition, struct err *err)
{
	for (int part = 0; part < TEMPLATE_PART_COUNT; part++) {
		const struct place place = {template, edition, (enum template_part)part};
		struct mustache_reference reference;
		size_t position = 0;

		if (!is_optional(&place) && !is_there(&place))
			return err_config(err, PLACE_FORMAT ": missing", PLACE_ARGS(&place));
		if (!edition->parts[part])
			continue;
		while (mustache_next_reference(edition->parts[part], &position, &reference))
			if (check_reference(set, &place, &reference, err) < 0)
				return -1;
	}
	return 0;
}

/* Checks all editions of a template; one of them must be for everybody. */
static int check_template(const struct template_set *set, const struct template *template,
			  struct err *err)
{
	static const struct edition everybody = {.locale = ""};

	if (check_edition(set, template, &everybody, err) < 0)
		return -1;
	for (const struct edition *e = template->editions; e; e = e->next)
		if (check_edition(set, template, e, err) < 0)
			return -1;
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

enum { PIECES_DEPTH_MAX = 4 };

/* A word that is looked for in a template's part, in one language. */
struct reading {
	const struct template_set *set;
	struct slice locale, name;
	enum template_part part;
};

/* Does the template, or a piece of it, have the reference? */
static bool has_reference(const struct reading *reading, const struct mustache *compiled,
			  unsigned depth)
{
	struct mustache_reference reference;
	size_t position = 0;

	while (compiled && depth < PIECES_DEPTH_MAX &&
	       mustache_next_reference(compiled, &position, &reference)) {
		const struct template *piece;
		const struct edition *edition;

		if (!reference.is_partial && slice_equal(reference.name, reading->name))
			return true;
		piece = reference.is_partial ? template_find(reading->set, reference.name) : NULL;
		edition = piece ? template_nearest(piece, reading->locale, reading->part) : NULL;
		if (edition && has_reference(reading, edition->parts[reading->part], depth + 1))
			return true;
	}
	return false;
}

bool template_set_shows_parts(const struct template_set *set, const char *name)
{
	const struct template *template = template_find(set, slice_text(name));

	for (const struct edition *e = template ? template->editions : NULL; e; e = e->next)
		for (enum template_part part = TEMPLATE_TXT; part <= TEMPLATE_HTML; part++) {
			const struct reading reading = {set, slice_text(e->locale),
							slice_text("also"), part};

			if (e->parts[part] && !has_reference(&reading, e->parts[part], 0))
				return false;
		}
	return template != NULL;
}
