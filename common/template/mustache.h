/*
 * mustache.h - logic-less templates, as mustache/spec has them.
 *
 * Pure.  Variables, {{{raw}}} and {{&raw}}, sections, inverted sections,
 * partials with their indentation, comments, other delimiters; no lambdas,
 * inheritance or dynamic names.  A template is compiled once and then
 * immutable; depth and output are bounded.
 */
#ifndef NURTURE_TEMPLATE_MUSTACHE_H
#define NURTURE_TEMPLATE_MUSTACHE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"

enum {
	MUSTACHE_SOURCE_MAX_BYTES = 256 * 1024,
	MUSTACHE_DEPTH_MAX = 32, /* of sections in a template, and of partials in each other */
	MUSTACHE_NAME_PARTS_MAX = 8,
	MUSTACHE_WORK_MAX = 1000000, /* pieces of templates in one rendering */
};

/* A tree of values; the caller's. A text is false when it is empty, a list when it has no items. */
enum mustache_kind { MUSTACHE_NOTHING, MUSTACHE_TEXT, MUSTACHE_LIST, MUSTACHE_OBJECT };
struct mustache_value {
	const char *name; /* as a member of an object */
	enum mustache_kind kind;
	struct slice text;
	const struct mustache_value *items; /* of a list or an object */
	size_t count;
};

/* The member of an object with that name; NULL when it has none, or is no object. */
const struct mustache_value *mustache_member(const struct mustache_value *value, struct slice name);

enum mustache_escape { MUSTACHE_PLAIN, MUSTACHE_HTML };

struct mustache;

/*
 * file is for messages ("tips.html.mustache:12: ...").  The template lives in
 * the arena and keeps no reference to source.
 */
int mustache_compile(struct slice source, const char *file, struct arena *arena,
		     const struct mustache **ret, struct err *err);

/* The partial of a name, or NULL: then it is empty, as the specification has it. */
typedef const struct mustache *(*mustache_find)(const void *context, struct slice name);

struct mustache_options {
	enum mustache_escape escape;
	mustache_find find; /* may be NULL */
	const void *context;
};

/* Appends to out. Fails when out is full or partials go too deep. */
int mustache_render(const struct mustache *template, const struct mustache_value *values,
		    const struct mustache_options *options, struct buf *out, struct err *err);

/* What a template refers to, in order: for checks. */
struct mustache_reference {
	struct slice name; /* of a variable or section as written ("order.id"), or of a partial */
	bool is_partial;
	bool is_section; /* of either kind */
	bool is_raw;     /* {{{name}}} or {{&name}}: not escaped */
	unsigned line;
};
/* The reference after *position (begin with 0); false after the last. */
bool mustache_next_reference(const struct mustache *template, size_t *position,
			     struct mustache_reference *ret);
/*
 * The sections around the reference that mustache_next_reference() returned
 * with this position, outermost first, inverted ones left out: begin with
 * *at 0; false after the last.
 */
bool mustache_next_enclosing(const struct mustache *template, size_t position, size_t *at,
			     struct slice *ret_name);

#endif
