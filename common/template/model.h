/*
 * model.h - the values that a page's template shows, put together.  Pure.
 *
 * A model is an object or a list under construction in an arena.  Texts are
 * borrowed unless a function says that it copies; a model that was put into
 * another one is finished: what is put into it afterwards is not seen.
 */
#ifndef NURTURE_TEMPLATE_MODEL_H
#define NURTURE_TEMPLATE_MODEL_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "mustache.h"

struct model {
	struct arena *arena;
	enum mustache_kind kind; /* OBJECT or LIST */
	struct mustache_value *items;
	size_t count, room;
};

struct model model_object(struct arena *arena);
struct model model_list(struct arena *arena);

/* name: of the member; "" in a list.  A NULL text is empty. */
void model_text(struct model *model, const char *name, const char *text);
void model_slice(struct model *model, const char *name, struct slice text);
/* Formatted into the arena. */
void model_printf(struct model *model, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Copies what a buffer holds, and frees the buffer. */
void model_buf(struct model *model, const char *name, struct buf *text);
/* True or false, for {{#name}} and {{^name}}. */
void model_flag(struct model *model, const char *name, bool is_set);
void model_add(struct model *model, const char *name, const struct model *inner);

/* For mustache_render(). */
struct mustache_value model_value(const struct model *model);
/* The member of an object with that name, or NULL. */
const struct mustache_value *model_find(const struct model *model, struct slice name);

#endif
