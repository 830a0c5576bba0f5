/* shape_read.c - from cJSON's tree into the struct: the right types, wherever they stand. */
#include "shape.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include "common/base/civil.h"
#include "common/base/text.h"
#include "json.h"
#include "shape_access.h"

static int wrong(const struct member *m, const char *expected, const cJSON *value,
		 const struct path *path, struct err *err)
{
	char found[JSON_FOUND_BYTES];

	return path_fail(path, m->name, expected, json_found(value, found), err);
}

static int read_text(const struct member *m, const cJSON *value, void *message,
		     const struct path *path, struct arena *arena, struct err *err)
{
	char expected[128];

	if (!cJSON_IsString(value)) {
		snprintf(expected, sizeof(expected), "%s, in quotes",
			 m->format ? m->format->expected : "a text");
		return wrong(m, expected, value, path, err);
	}
	*(char **)member_in(m, message) = arena_text(arena, value->valuestring);
	return 0;
}

static int read_time(const struct member *m, const cJSON *value, void *message,
		     const struct path *path, struct err *err)
{
	struct err why;
	int64_t time_ms;

	if (!cJSON_IsString(value) ||
	    rfc3339_parse(slice_text(value->valuestring), &time_ms, &why) < 0)
		return wrong(m, "a time like \"2026-03-01T12:00:00Z\"", value, path, err);
	memcpy(member_in(m, message), &time_ms, sizeof(time_ms));
	return 0;
}

static int refuse_whole(const struct member *m, const cJSON *value, const struct path *path,
			struct err *err)
{
	char expected[80];

	snprintf(expected, sizeof(expected), "a whole number from %" PRId64 " to %" PRId64,
		 m->least, m->most);
	return wrong(m, expected, value, path, err);
}

static int read_whole(const struct member *m, const cJSON *value, void *message,
		      const struct path *path, struct err *err)
{
	double number = value->valuedouble;

	if (!cJSON_IsNumber(value) || number != floor(number) || number < (double)m->least ||
	    number > (double)m->most)
		return refuse_whole(m, value, path, err);
	member_set_whole(m, (int64_t)number, message);
	return 0;
}

static int read_decimal(const struct member *m, const cJSON *value, void *message,
			const struct path *path, struct err *err)
{
	char expected[120], most[DECIMAL_BYTES];
	struct err why;
	int64_t number;

	if (!cJSON_IsString(value) ||
	    text_decimal(slice_text(value->valuestring), m->decimals, m->most, &number, &why) < 0) {
		snprintf(expected, sizeof(expected),
			 "a number from 0 to %s with at most %u decimals, in quotes",
			 decimal_text(m->most, m->decimals, most), m->decimals);
		return wrong(m, expected, value, path, err);
	}
	member_set_whole(m, number, message);
	return 0;
}

static int read_object(const struct member *m, const cJSON *value, void *message,
		       const struct path *up, struct arena *arena, struct err *err)
{
	const struct path path = {.up = up, .name = m->name};
	void *object;

	if (!cJSON_IsObject(value))
		return wrong(m, "an object", value, up, err);
	object = shape_new(m->shape, arena);
	if (shape_read(m->shape, value, object, &path, arena, err) < 0)
		return -1;
	*(void **)member_in(m, message) = object;
	return 0;
}

/* Makes room for the entries; more than max are refused before any is made. */
static int make_entries(const struct member *m, const cJSON *value, void *message,
			const struct path *path, struct arena *arena, struct err *err)
{
	size_t count = (size_t)cJSON_GetArraySize(value);
	char expected[48], found[32];

	if (count > m->max) {
		snprintf(expected, sizeof(expected), "at most %zu entries", m->max);
		snprintf(found, sizeof(found), "%zu", count);
		return path_fail(path, m->name, expected, found, err);
	}
	*(void ***)member_in(m, message) =
	    count ? arena_alloc(arena, count * sizeof(void *)) : NULL;
	return 0;
}

/* A text, or an object by the list's shape. */
static int read_entry(const struct member *m, const cJSON *value, const struct path *here,
		      struct arena *arena, void **ret, struct err *err)
{
	bool is_text = m->kind == MEMBER_TEXTS;
	char found[JSON_FOUND_BYTES];

	if (is_text ? !cJSON_IsString(value) : !cJSON_IsObject(value))
		return path_fail(here, NULL, is_text ? "a text" : "an object",
				 json_found(value, found), err);
	if (is_text) {
		*ret = arena_text(arena, value->valuestring);
		return 0;
	}
	*ret = shape_new(m->shape, arena);
	return shape_read(m->shape, value, *ret, here, arena, err);
}

static int read_list(const struct member *m, const cJSON *value, void *message,
		     const struct path *up, struct arena *arena, struct err *err)
{
	const struct path path = {.up = up, .name = m->name};
	size_t *count = (size_t *)(void *)((char *)message + m->count_offset);

	if (!cJSON_IsArray(value))
		return wrong(m, "a list", value, up, err);
	if (make_entries(m, value, message, up, arena, err) < 0)
		return -1;
	for (const cJSON *child = value->child; child; child = child->next) {
		const struct path here = {.up = &path, .index = *count};

		if (read_entry(m, child, &here, arena, &member_entries(m, message)[*count], err) <
		    0)
			return -1;
		(*count)++;
	}
	return 0;
}

static int read_member(const struct member *m, const cJSON *value, void *message,
		       const struct path *path, struct arena *arena, struct err *err);

static int read_map(const struct member *m, const cJSON *value, void *message,
		    const struct path *up, struct arena *arena, struct err *err)
{
	const struct path path = {.up = up, .name = m->name};
	size_t *count = (size_t *)(void *)((char *)message + m->count_offset);

	if (!cJSON_IsObject(value))
		return wrong(m, "an object", value, up, err);
	if (make_entries(m, value, message, up, arena, err) < 0)
		return -1;
	for (const cJSON *child = value->child; child; child = child->next) {
		void *entry = shape_new(m->shape, arena);
		struct member named = m->shape->members[1];

		*(char **)member_in(&m->shape->members[0], entry) =
		    arena_text(arena, child->string);
		named.name = *child->string ? child->string : "\"\"";
		if (read_member(&named, child, entry, &path, arena, err) < 0)
			return -1;
		member_entries(m, message)[(*count)++] = entry;
	}
	return 0;
}

static int read_member(const struct member *m, const cJSON *value, void *message,
		       const struct path *path, struct arena *arena, struct err *err)
{
	switch (m->kind) {
	case MEMBER_TEXT:
		return read_text(m, value, message, path, arena, err);
	case MEMBER_TIME:
		return read_time(m, value, message, path, err);
	case MEMBER_WHOLE:
		return read_whole(m, value, message, path, err);
	case MEMBER_DECIMAL:
		return read_decimal(m, value, message, path, err);
	case MEMBER_FLAG:
		if (!cJSON_IsBool(value))
			return wrong(m, "true or false", value, path, err);
		*(protobuf_c_boolean *)member_in(m, message) = cJSON_IsTrue(value);
		return 0;
	case MEMBER_OBJECT:
		return read_object(m, value, message, path, arena, err);
	case MEMBER_LIST:
	case MEMBER_TEXTS:
		return read_list(m, value, message, path, arena, err);
	case MEMBER_MAP:
		return read_map(m, value, message, path, arena, err);
	}
	return 0;
}

static const struct member *find_member(const struct shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->count; i++)
		if (*shape->members[i].name == *name && strcmp(shape->members[i].name, name) == 0)
			return &shape->members[i];
	return NULL;
}

/* 0 and nothing are one in protobuf; where both mean something, JSON must say which. */
static int miss_whole(const struct shape *shape, const cJSON *object, const struct path *path,
		      struct err *err)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *m = &shape->members[i];
		const cJSON *value;

		if (m->kind != MEMBER_WHOLE || !m->required)
			continue;
		value = cJSON_GetObjectItemCaseSensitive(object, m->name);
		if (!value || cJSON_IsNull(value))
			return refuse_whole(m, NULL, path, err);
	}
	return 0;
}

int shape_read(const struct shape *shape, const cJSON *object, void *message,
	       const struct path *path, struct arena *arena, struct err *err)
{
	for (const cJSON *child = object->child; child; child = child->next) {
		const struct member *m = find_member(shape, child->string);

		if (m && !cJSON_IsNull(child) &&
		    read_member(m, child, message, path, arena, err) < 0)
			return -1;
	}
	return miss_whole(shape, object, path, err);
}

int shape_read_json(const struct shape *shape, struct slice text, struct arena *arena, void **ret,
		    struct err *err)
{
	void *message;
	cJSON *tree;
	int r;

	if (shape_read_plain(shape, text, arena, ret))
		return 0;
	message = shape_new(shape, arena);
	if (json_parse_strict(text, &tree, err) < 0)
		return -1;
	if (cJSON_IsObject(tree))
		r = shape_read(shape, tree, message, NULL, arena, err);
	else
		r = path_fail(NULL, NULL, "an object", "something else", err);
	cJSON_Delete(tree);
	if (r == 0)
		*ret = message;
	return r;
}
