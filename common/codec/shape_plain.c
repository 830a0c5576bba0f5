/*
 * shape_plain.c - JSON of the usual kind into the struct, in one pass.
 *
 * Nearly all events are canonical or close to it: known members, each once,
 * texts without escapes.  Those are read without a tree, and their texts stay
 * where they are: in a copy of all bytes, with a NUL over the closing quote.
 * Whatever is unusual or wrong is not decided here: the caller asks shape_read(),
 * which takes what is right and says what is not.
 */
#include "shape.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "json_cursor.h"
#include "shape_access.h"

enum { MEMBERS_MAX = 64, KEYS_MAX = 16, ROOM_LEAST = 4 };

struct plain {
	struct json_cursor json;
	const uint8_t *begin;
	char *copy; /* of all bytes */
	struct arena *arena;
};

static bool read_object(struct plain *p, const struct shape *shape, void *message);

/* Returns the text inside the copy, whose closing quote makes room for the NUL. */
static char *text_in_copy(struct plain *p, struct slice text)
{
	char *ret = p->copy + (text.bytes - p->begin);

	ret[text.len] = '\0';
	return ret;
}

static bool read_whole(struct plain *p, const struct member *m, void *message)
{
	int64_t value;

	if (!json_take_digits(&p->json, &value) || value < m->least || value > m->most)
		return false;
	member_set_whole(m, value, message);
	return true;
}

static bool read_flag(struct plain *p, protobuf_c_boolean *ret)
{
	*ret = json_take_word(&p->json, "true");
	return *ret || json_take_word(&p->json, "false");
}

static bool read_time(struct plain *p, const struct member *m, void *message)
{
	struct slice text;
	struct err ignored;
	int64_t time_ms;

	if (!json_take_string(&p->json, &text) || rfc3339_parse(text, &time_ms, &ignored) < 0)
		return false;
	memcpy(member_in(m, message), &time_ms, sizeof(time_ms));
	return true;
}

static bool read_decimal(struct plain *p, const struct member *m, void *message)
{
	struct slice text;
	struct err ignored;
	int64_t value;

	if (!json_take_string(&p->json, &text) ||
	    text_decimal(text, m->decimals, m->most, &value, &ignored) < 0)
		return false;
	member_set_whole(m, value, message);
	return true;
}

/* A new entry of a list or a map, whose room doubles; NULL: there are too many. */
static void *add_entry(struct plain *p, const struct member *m, void *message)
{
	size_t *count = (size_t *)(void *)((char *)message + m->count_offset);
	void ***list = (void ***)member_in(m, message);

	if (*count == m->max)
		return NULL;
	if (*count == 0 || (*count >= ROOM_LEAST && (*count & (*count - 1)) == 0)) {
		size_t room = *count ? 2 * *count : ROOM_LEAST;
		void **larger = arena_alloc(p->arena, room * sizeof(*larger));

		if (*count)
			memcpy(larger, *list, *count * sizeof(*larger));
		*list = larger;
	}
	return (*list)[(*count)++] = shape_new(m->shape, p->arena);
}

static bool read_list(struct plain *p, const struct member *m, void *message)
{
	if (!json_take(&p->json, '['))
		return false;
	if (json_take(&p->json, ']'))
		return true;
	do {
		void *entry = add_entry(p, m, message);

		if (!entry || !read_object(p, m->shape, entry))
			return false;
	} while (json_take(&p->json, ','));
	return json_take(&p->json, ']');
}

static bool read_value(struct plain *p, const struct member *m, void *message);

/*
 * Is the key new in the list? Only a few keys are compared here; with more of them the other reader
 * decides.
 */
static bool is_new_key(const struct member *m, const void *message, struct slice key)
{
	const struct member *name = &m->shape->members[0];
	size_t count = member_count(m, message);

	for (size_t i = 0; i < count; i++)
		if (slice_is(key, member_text(name, member_entries(m, message)[i])))
			return false;
	return count < KEYS_MAX;
}

static bool read_map(struct plain *p, const struct member *m, void *message)
{
	const struct member *parts = m->shape->members;
	struct slice key;
	void *entry;

	if (!json_take(&p->json, '{'))
		return false;
	if (json_take(&p->json, '}'))
		return true;
	do {
		if (!json_take_string(&p->json, &key) || !json_take(&p->json, ':') ||
		    !is_new_key(m, message, key))
			return false;
		entry = add_entry(p, m, message);
		if (!entry)
			return false;
		*(char **)member_in(&parts[0], entry) = text_in_copy(p, key);
		if (!read_value(p, &parts[1], entry))
			return false;
	} while (json_take(&p->json, ','));
	return json_take(&p->json, '}');
}

static bool read_value(struct plain *p, const struct member *m, void *message)
{
	struct slice text;
	void *object;

	switch (m->kind) {
	case MEMBER_TEXT:
		if (!json_take_string(&p->json, &text))
			return false;
		*(char **)member_in(m, message) = text_in_copy(p, text);
		return true;
	case MEMBER_TIME:
		return read_time(p, m, message);
	case MEMBER_WHOLE:
		return read_whole(p, m, message);
	case MEMBER_DECIMAL:
		return read_decimal(p, m, message);
	case MEMBER_FLAG:
		return read_flag(p, member_in(m, message));
	case MEMBER_OBJECT:
		object = shape_new(m->shape, p->arena);
		*(void **)member_in(m, message) = object;
		return read_object(p, m->shape, object);
	case MEMBER_LIST:
		return read_list(p, m, message);
	case MEMBER_MAP:
		return read_map(p, m, message);
	case MEMBER_TEXTS:
		break; /* it is rare, and the other reader can read it */
	}
	return false;
}

/* Members mostly come in the order of the table: the search begins behind the last one. */
static size_t find_member(const struct shape *shape, struct slice key, size_t from)
{
	for (size_t i = from; i < shape->count; i++)
		if (slice_is(key, shape->members[i].name))
			return i;
	for (size_t i = 0; i < from; i++)
		if (slice_is(key, shape->members[i].name))
			return i;
	return shape->count;
}

/* Numbers that must stand in JSON, even when they are 0. */
static bool has_required(const struct shape *shape, uint64_t seen)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->members[i].kind == MEMBER_WHOLE && shape->members[i].required &&
		    !(seen >> i & 1))
			return false;
	return true;
}

static bool read_object(struct plain *p, const struct shape *shape, void *message)
{
	uint64_t seen = 0;
	struct slice key;
	size_t i = 0;

	if (shape->count > MEMBERS_MAX || !json_take(&p->json, '{'))
		return false;
	if (json_take(&p->json, '}'))
		return has_required(shape, 0);
	do {
		if (!json_take_string(&p->json, &key) || !json_take(&p->json, ':'))
			return false;
		i = find_member(shape, key, i);
		if (i == shape->count || seen >> i & 1)
			return false;
		seen |= UINT64_C(1) << i;
		if (!read_value(p, &shape->members[i], message))
			return false;
	} while (json_take(&p->json, ','));
	return json_take(&p->json, '}') && has_required(shape, seen);
}

bool shape_read_plain(const struct shape *shape, struct slice text, struct arena *arena, void **ret)
{
	struct plain p = {.json = {text.bytes, text.bytes + text.len},
			  .begin = text.bytes,
			  .copy = arena_copy(arena, text.bytes, text.len),
			  .arena = arena};
	void *message = shape_new(shape, arena);

	if (!read_object(&p, shape, message))
		return false;
	*ret = message;
	return json_is_at_end(&p.json);
}
