/* model.c - see model.h. */
#include "model.h"

#include <stdarg.h>
#include <stdio.h>

enum { FIRST_ROOM = 8 };

static struct model begin(struct arena *arena, enum mustache_kind kind)
{
	return (struct model){.arena = arena, .kind = kind};
}

struct model model_object(struct arena *arena)
{
	return begin(arena, MUSTACHE_OBJECT);
}

struct model model_list(struct arena *arena)
{
	return begin(arena, MUSTACHE_LIST);
}

static struct mustache_value *next_item(struct model *model)
{
	if (model->count == model->room) {
		size_t room = model->room ? 2 * model->room : FIRST_ROOM;
		struct mustache_value *items =
		    arena_alloc(model->arena, room * sizeof(*model->items));

		if (model->count)
			memcpy(items, model->items, model->count * sizeof(*items));
		model->items = items;
		model->room = room;
	}
	return &model->items[model->count++];
}

void model_slice(struct model *model, const char *name, struct slice text)
{
	*next_item(model) =
	    (struct mustache_value){.name = name, .kind = MUSTACHE_TEXT, .text = text};
}

void model_text(struct model *model, const char *name, const char *text)
{
	model_slice(model, name, slice_text(text ? text : ""));
}

void model_printf(struct model *model, const char *name, const char *format, ...)
{
	va_list arguments, again;
	char *text;
	int len;

	va_start(arguments, format);
	va_copy(again, arguments);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = arena_alloc(model->arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, arguments);
	va_end(arguments);
	model_text(model, name, text);
}

void model_buf(struct model *model, const char *name, struct buf *text)
{
	struct slice bytes = buf_slice(text);

	model_slice(model, name,
		    slice_of(arena_copy(model->arena, bytes.bytes, bytes.len), bytes.len));
	buf_free(text);
}

void model_flag(struct model *model, const char *name, bool is_set)
{
	model_text(model, name, is_set ? "yes" : "");
}

struct mustache_value model_value(const struct model *model)
{
	return (struct mustache_value){
	    .name = "", .kind = model->kind, .items = model->items, .count = model->count};
}

void model_add(struct model *model, const char *name, const struct model *inner)
{
	struct mustache_value value = model_value(inner);

	value.name = name;
	*next_item(model) = value;
}

const struct mustache_value *model_find(const struct model *model, struct slice name)
{
	struct mustache_value value = model_value(model);

	return mustache_member(&value, name);
}
