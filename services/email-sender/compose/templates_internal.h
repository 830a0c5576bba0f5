/* templates_internal.h - the set, for templates*.c. */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_TEMPLATES_INTERNAL_H
#define NURTURE_EMAIL_SENDER_COMPOSE_TEMPLATES_INTERNAL_H

#include "common/base/arena.h"
#include "common/base/locale.h"
#include "template_file.h"
#include "templates.h"

/* A template in one language; "" is the one for everybody else. */
struct edition {
	struct edition *next;
	const char *locale;
	const struct mustache *parts[TEMPLATE_PART_COUNT];
};

struct template
{
	struct template *next;
	const char *name; /* pieces begin with '_' */
	struct edition *editions;
};

struct template_set {
	struct arena arena;
	struct template *templates; /* sorted by name */
	const char **names;
};

/* Finds a template or a piece; NULL when there is none. */
const struct template *template_find(const struct template_set *set, struct slice name);

/*
 * Returns the edition that has this part and is nearest to a locale: de-AT, de, the one for all; or
 * NULL.
 */
const struct edition *template_nearest(const struct template *template, struct slice locale,
				       enum template_part part);

/* Returns the part whose pieces a part includes: blocks include those of txt and html. */
enum template_part template_piece_part(enum template_part part);

#endif
