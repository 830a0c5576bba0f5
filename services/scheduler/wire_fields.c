/* wire_fields.c - see wire_fields.h. */
#include "wire_fields.h"

#include "../../common/wire/protobuf_scan.h"

struct cursor {
	const uint8_t *at, *end;
};

/* Nearly all keys, lengths and small numbers are one byte. */
static inline int take_varint(struct cursor *cursor, uint64_t *ret)
{
	uint64_t value = 0;

	if (cursor->at < cursor->end && *cursor->at < 0x80) {
		*ret = *cursor->at++;
		return 0;
	}
	for (unsigned shift = 0; shift < 64 && cursor->at < cursor->end; shift += 7) {
		uint8_t byte = *cursor->at++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*ret = value;
			return 0;
		}
	}
	return -1;
}

static int take_bytes(struct cursor *cursor, struct slice *ret)
{
	uint64_t len;

	if (take_varint(cursor, &len) < 0 || len > (uint64_t)(cursor->end - cursor->at))
		return -1;
	*ret = slice_of(cursor->at, (size_t)len);
	cursor->at += len;
	return 0;
}

static int take_number(struct cursor *cursor, const struct wire_field *known, void *message)
{
	void *place = (char *)message + known->offset;
	uint64_t value;

	if (take_varint(cursor, &value) < 0)
		return -1;
	if (known->kind == WIRE_WIDE)
		*(int64_t *)place = (int64_t)value;
	else if (known->kind == WIRE_NARROW)
		*(int32_t *)place = (int32_t)value;
	else
		return known->kind == WIRE_SKIPPED ? 0 : -1;
	return 0;
}

static int take_text(struct cursor *cursor, const struct wire_field *known, struct arena *arena,
		     void *message)
{
	void *place = (char *)message + known->offset;
	struct slice bytes;

	if (take_bytes(cursor, &bytes) < 0)
		return -1;
	if (known->kind == WIRE_TEXT)
		*(char **)place = arena_copy(arena, bytes.bytes, bytes.len);
	else if (known->kind == WIRE_BINARY)
		*(ProtobufCBinaryData *)place = (ProtobufCBinaryData){
			.len = bytes.len, .data = (uint8_t *)bytes.bytes};
	else
		return known->kind == WIRE_SKIPPED ? 0 : -1;
	return 0;
}

static int pass_over(struct cursor *cursor, size_t len)
{
	if (len > (size_t)(cursor->end - cursor->at))
		return -1;
	cursor->at += len;
	return 0;
}

static int take_field(struct cursor *cursor, const struct wire_field *fields, size_t count,
		      struct arena *arena, void *message)
{
	static const struct wire_field unknown = {WIRE_SKIPPED, 0};
	const struct wire_field *known;
	uint64_t key;

	if (take_varint(cursor, &key) < 0)
		return -1;
	known = key >> 3 < count ? &fields[key >> 3] : &unknown;
	switch (key & 7) {
	case WIRE_VARINT:
		return take_number(cursor, known, message);
	case WIRE_BYTES:
		return take_text(cursor, known, arena, message);
	case WIRE_FIXED64:
		return known->kind == WIRE_SKIPPED ? pass_over(cursor, 8) : -1;
	case WIRE_FIXED32:
		return known->kind == WIRE_SKIPPED ? pass_over(cursor, 4) : -1;
	default:
		return -1;
	}
}

int sched_fields_read(const struct wire_field *fields, size_t count, struct slice bytes,
		     struct arena *arena, void *message)
{
	struct cursor cursor = {bytes.bytes, bytes.bytes};

	if (bytes.len) /* NULL plus 0 is not defined */
		cursor.end += bytes.len;
	while (cursor.at < cursor.end)
		if (take_field(&cursor, fields, count, arena, message) < 0)
			return -1;
	return 0;
}
