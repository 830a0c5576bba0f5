/* shape.c - paths, new messages, protobuf, and the check that both formats share. */
#include "shape.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/base/text.h"
#include "json.h"
#include "protobuf_message.h"
#include "protobuf_scan.h"
#include "shape_access.h"

static void path_print(const struct path *path, struct buf *out)
{
	if (!path) {
		buf_char(out, '$');
		return;
	}
	path_print(path->up, out);
	if (path->name)
		buf_printf(out, ".%s", path->name);
	else
		buf_printf(out, "[%zu]", path->index);
}

int path_fail(const struct path *path, const char *name, const char *expected, const char *found,
	      struct err *err)
{
	const struct path here = {.up = path, .name = name};
	struct buf where = BUF_MAX(256);

	path_print(name ? &here : path, &where);
	err_set(err, "%s: expected %s, found %s", where.bytes, expected, found);
	buf_free(&where);
	return -1;
}

static bool is_protobuf(struct slice bytes)
{
	struct protobuf_field field;
	int r;

	while ((r = protobuf_next(&bytes, &field)) == 1)
		;
	return r == 0;
}

bool shape_is_json(struct slice bytes)
{
	if (bytes.len == 0 || json_first_byte(bytes) != '{')
		return false;
	return bytes.bytes[0] == '{' || json_is_strict(bytes) || !is_protobuf(bytes);
}

void *shape_new(const struct shape *shape, struct arena *arena)
{
	void *message = arena_alloc(arena, shape->descriptor->sizeof_message);

	shape->descriptor->message_init(message);
	return message;
}

int shape_read_protobuf(const struct shape *shape, struct slice bytes, struct arena *arena,
			void **ret, struct err *err)
{
	ProtobufCAllocator allocator = arena_protobuf(arena);
	void *message;

	if (bytes.len == 0)
		return err_set(err, "empty: expected JSON or a %s", shape->descriptor->name);
	*ret = message_read(shape->descriptor, bytes, arena);
	if (*ret) /* nearly all: one pass has seen all there is to refuse */
		return 0;
	if (protobuf_refuse_nul(shape->descriptor, bytes, err) < 0)
		return -1;
	message = protobuf_c_message_unpack(shape->descriptor, &allocator, bytes.len, bytes.bytes);
	if (!message)
		return err_set(err, "not a readable %s (%zu bytes)", shape->descriptor->name,
			       bytes.len);
	*ret = message;
	return 0;
}

static int check_text(const struct member *m, const char *value, const struct path *path,
		      struct err *err)
{
	struct slice text = slice_text(value);
	const char *expected = m->format ? m->format->expected : "valid UTF-8";
	char found[JSON_FOUND_BYTES];

	if (text.len == 0)
		return m->required ? path_fail(path, m->name, expected, "nothing", err) : 0;
	if (text_is_utf8(text) && (!m->format || m->format->matches(text)))
		return 0;
	return path_fail(path, m->name, expected, json_found_text(text, found), err);
}

/* The first and last instant of what RFC 3339 can say: years 0001 to 9999. */
#define TIME_LEAST_MS INT64_C(-62135596800000)
#define TIME_MOST_MS INT64_C(253402300799999)

static int check_time(const struct member *m, int64_t time_ms, const struct path *path,
		      struct err *err)
{
	char found[32];

	if (time_ms == 0)
		return m->required ? path_fail(path, m->name, "a time", "nothing", err) : 0;
	if (time_ms >= TIME_LEAST_MS && time_ms <= TIME_MOST_MS)
		return 0;
	snprintf(found, sizeof(found), "%" PRId64 " ms", time_ms);
	return path_fail(path, m->name, "a time in the years 0001 to 9999", found, err);
}

static int check_whole(const struct member *m, int64_t value, const struct path *path,
		       struct err *err)
{
	char expected[80], found[32];

	if ((value == 0 && !m->required) || (value >= m->least && value <= m->most))
		return 0;
	snprintf(expected, sizeof(expected), "a whole number from %" PRId64 " to %" PRId64,
		 m->least, m->most);
	snprintf(found, sizeof(found), "%" PRId64, value);
	return path_fail(path, m->name, expected, found, err);
}

static int check_decimal(const struct member *m, int64_t value, const struct path *path,
			 struct err *err)
{
	char expected[80], most[DECIMAL_BYTES], found[DECIMAL_BYTES];

	if (value >= 0 && value <= m->most)
		return 0;
	snprintf(expected, sizeof(expected), "a number from 0 to %s",
		 decimal_text(m->most, m->decimals, most));
	return path_fail(path, m->name, expected, decimal_text(value, m->decimals, found), err);
}

static int check_object(const struct member *m, const void *message, const struct path *up,
			struct err *err)
{
	const struct path path = {.up = up, .name = m->name};

	if (message)
		return shape_check(m->shape, message, &path, err);
	return m->required ? path_fail(&path, NULL, "an object", "nothing", err) : 0;
}

static int check_count(const struct member *m, size_t count, const struct path *path,
		       struct err *err)
{
	char expected[48], found[32];

	if (count <= m->max)
		return 0;
	snprintf(expected, sizeof(expected), "at most %zu entries", m->max);
	snprintf(found, sizeof(found), "%zu", count);
	return path_fail(path, NULL, expected, found, err);
}

static int check_texts(const struct member *m, const void *message, const struct path *up,
		       struct err *err)
{
	const struct path path = {.up = up, .name = m->name};
	size_t count = member_count(m, message);
	struct member entry = *m;

	entry.name = NULL;
	if (check_count(m, count, &path, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct path here = {.up = &path, .index = i};

		if (check_text(&entry, member_entries(m, message)[i], &here, err) < 0)
			return -1;
	}
	return 0;
}

static int check_entries(const struct member *m, const void *message, const struct path *up,
			 struct err *err)
{
	const struct path path = {.up = up, .name = m->name};
	size_t count = member_count(m, message);

	if (check_count(m, count, &path, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct path here = {.up = &path, .index = i};

		if (shape_check(m->shape, member_entries(m, message)[i], &here, err) < 0)
			return -1;
	}
	return 0;
}

static int check_member(const struct member *m, const void *message, const struct path *path,
			struct err *err)
{
	switch (m->kind) {
	case MEMBER_TEXT:
		return check_text(m, member_text(m, message), path, err);
	case MEMBER_TIME:
		return check_time(m, member_time_ms(m, message), path, err);
	case MEMBER_WHOLE:
		return check_whole(m, member_whole(m, message), path, err);
	case MEMBER_DECIMAL:
		return check_decimal(m, member_whole(m, message), path, err);
	case MEMBER_FLAG:
		return 0;
	case MEMBER_OBJECT:
		return check_object(m, member_object(m, message), path, err);
	case MEMBER_TEXTS:
		return check_texts(m, message, path, err);
	case MEMBER_LIST:
	case MEMBER_MAP:
		return check_entries(m, message, path, err);
	}
	return 0;
}

/* Is the member absent? Most members of most messages are. */
static inline bool is_absent(const struct member *m, const void *message)
{
	switch (m->kind) {
	case MEMBER_TEXT:
		return !*member_text(m, message);
	case MEMBER_TIME:
		return !member_time_ms(m, message);
	case MEMBER_OBJECT:
		return !member_object(m, message);
	case MEMBER_LIST:
	case MEMBER_TEXTS:
	case MEMBER_MAP:
		return !member_count(m, message);
	case MEMBER_FLAG:
		return true; /* or as good */
	case MEMBER_WHOLE:
	case MEMBER_DECIMAL:
		break;
	}
	return !member_whole(m, message);
}

int shape_check(const struct shape *shape, const void *message, const struct path *path,
		struct err *err)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *m = &shape->members[i];

		if ((m->required || !is_absent(m, message)) &&
		    check_member(m, message, path, err) < 0)
			return -1;
	}
	return 0;
}
