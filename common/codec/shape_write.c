/* shape_write.c - a struct as canonical JSON: keys ascending, absent members left out. */
#include "shape.h"

#include <inttypes.h>

#include "common/base/civil.h"
#include "common/base/text.h"
#include "json.h"
#include "shape_access.h"

static void write_value(const struct member *m, const void *message, struct buf *out);

static void write_list(const struct member *m, const void *message, struct buf *out)
{
	buf_char(out, '[');
	for (size_t i = 0; i < member_count(m, message); i++) {
		if (i)
			buf_char(out, ',');
		shape_write(m->shape, member_entries(m, message)[i], out);
	}
	buf_char(out, ']');
}

static void write_texts(const struct member *m, const void *message, struct buf *out)
{
	buf_char(out, '[');
	for (size_t i = 0; i < member_count(m, message); i++) {
		if (i)
			buf_char(out, ',');
		json_put_text(out, slice_text(member_entries(m, message)[i]));
	}
	buf_char(out, ']');
}

/* The entry with the least key above `above` (NULL: the least); of equal keys the last. */
static const void *next_entry(const struct member *m, const void *message, const char *above)
{
	const struct member *key = &m->shape->members[0];
	const void *best = NULL;

	for (size_t i = 0; i < member_count(m, message); i++) {
		const void *entry = member_entries(m, message)[i];

		if (above && strcmp(member_text(key, entry), above) <= 0)
			continue;
		if (!best || strcmp(member_text(key, entry), member_text(key, best)) <= 0)
			best = entry;
	}
	return best;
}

/* Maps are small: looking for the next key each time needs no memory. */
static void write_map(const struct member *m, const void *message, struct buf *out)
{
	const struct member *key = &m->shape->members[0];
	const void *entry = next_entry(m, message, NULL);

	buf_char(out, '{');
	for (bool first = true; entry; first = false) {
		if (!first)
			buf_char(out, ',');
		json_put_text(out, slice_text(member_text(key, entry)));
		buf_char(out, ':');
		write_value(&m->shape->members[1], entry, out);
		entry = next_entry(m, message, member_text(key, entry));
	}
	buf_char(out, '}');
}

static void write_value(const struct member *m, const void *message, struct buf *out)
{
	char text[RFC3339_BYTES], decimal[DECIMAL_BYTES];

	switch (m->kind) {
	case MEMBER_TEXT:
		json_put_text(out, slice_text(member_text(m, message)));
		break;
	case MEMBER_TIME:
		json_put_text(out, slice_text(rfc3339_text(member_time_ms(m, message), text)));
		break;
	case MEMBER_WHOLE:
		buf_printf(out, "%" PRId64, member_whole(m, message));
		break;
	case MEMBER_DECIMAL:
		json_put_text(
		    out, slice_text(decimal_text(member_whole(m, message), m->decimals, decimal)));
		break;
	case MEMBER_FLAG:
		buf_text(out,
			 *(const protobuf_c_boolean *)member_at(m, message) ? "true" : "false");
		break;
	case MEMBER_OBJECT:
		shape_write(m->shape, member_object(m, message), out);
		break;
	case MEMBER_LIST:
		write_list(m, message, out);
		break;
	case MEMBER_TEXTS:
		write_texts(m, message, out);
		break;
	case MEMBER_MAP:
		write_map(m, message, out);
		break;
	}
}

bool shape_is_empty(const struct shape *shape, const void *message)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape_has(&shape->members[i], message))
			return false;
	return true;
}

void shape_write(const struct shape *shape, const void *message, struct buf *out)
{
	buf_char(out, '{');
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *m = &shape->members[i];

		if (!shape_has(m, message))
			continue;
		json_put_key(out, m->name);
		write_value(m, message, out);
	}
	buf_char(out, '}');
}

/* protobuf-c appends to a buffer of ours. */
struct protobuf_sink {
	ProtobufCBuffer base;
	struct buf *out;
};

static void sink_append(ProtobufCBuffer *base, size_t len, const uint8_t *bytes)
{
	buf_add(((struct protobuf_sink *)base)->out, bytes, len);
}

void shape_write_protobuf(const void *message, struct buf *out)
{
	struct protobuf_sink sink = {.base.append = sink_append, .out = out};

	protobuf_c_message_pack_to_buffer(message, &sink.base);
}
