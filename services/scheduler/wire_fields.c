/* wire_fields.c - see wire_fields.h. */
#include "wire_fields.h"

#include "common/codec/protobuf_scan.h"
#include "common/codec/protobuf_take.h"

enum { LIST_LEAST = 4 };

struct cursor {
	const uint8_t *at, *end;
};

struct sched_wire_source sched_wire_source(struct slice bytes, struct arena *arena)
{
	return (struct sched_wire_source){
	    .bytes = bytes,
	    .copy = arena_copy(arena, bytes.bytes, bytes.len),
	    .arena = arena,
	};
}

static inline int take_bytes(struct cursor *cursor, struct slice *ret)
{
	uint64_t len;

	if (!take_varint(&cursor->at, cursor->end, TAKE_SMALL_BYTES, &len) ||
	    len > (uint64_t)(cursor->end - cursor->at))
		return -1;
	*ret = slice_of(cursor->at, (size_t)len);
	cursor->at += len;
	return 0;
}

static inline int take_number(struct cursor *cursor, enum wire_field_kind kind, void *place)
{
	uint64_t value;

	if (!take_varint(&cursor->at, cursor->end, TAKE_NUMBER_BYTES, &value))
		return -1;
	if (kind == WIRE_WIDE)
		*(int64_t *)place = (int64_t)value;
	else if (kind == WIRE_NARROW)
		*(int32_t *)place = (int32_t)value;
	else
		return kind == WIRE_SKIPPED ? 0 : -1;
	return 0;
}

static inline int put_text(const struct sched_wire_source *source, struct slice text, char **ret)
{
	if (source->refuses_nul && memchr(text.bytes, '\0', text.len))
		return -1;
	*ret = source->copy + (text.bytes - source->bytes.bytes);
	(*ret)[text.len] = '\0'; /* over a key in the copy, where nobody reads it */
	return 0;
}

/* Room for one more in a list that doubles. */
static void *room_in(void **list, size_t count, size_t entry_bytes, struct arena *arena)
{
	bool is_full = count == 0 || (count >= LIST_LEAST && (count & (count - 1)) == 0);

	if (is_full) {
		size_t room = count ? 2 * count : LIST_LEAST;
		void *larger = arena_alloc(arena, room * entry_bytes);

		if (count)
			memcpy(larger, *list, count * entry_bytes);
		*list = larger;
	}
	return (char *)*list + count * entry_bytes;
}

static int put_message(const struct wire_table *table, const struct sched_wire_source *source,
		       struct slice bytes, void **ret)
{
	*ret = arena_alloc(source->arena, table->descriptor->sizeof_message);
	table->descriptor->message_init(*ret);
	return sched_fields_read(table, source, bytes, *ret);
}

static int put_entry(const struct wire_field *known, const struct sched_wire_source *source,
		     struct slice bytes, void *message)
{
	size_t *count = (size_t *)(void *)((char *)message + known->count_offset);
	size_t entry_bytes = known->kind == WIRE_RAWS ? sizeof(bytes) : sizeof(void *);
	void *place = room_in((void **)(void *)((char *)message + known->offset), *count,
			      entry_bytes, source->arena);

	(*count)++;
	if (known->kind == WIRE_TEXTS)
		return put_text(source, bytes, place);
	if (known->kind == WIRE_MESSAGES)
		return put_message(known->entry, source, bytes, place);
	*(struct slice *)place = bytes;
	return 0;
}

static inline int put_bytes(const struct wire_field *known, const struct sched_wire_source *source,
			    struct slice bytes, void *message)
{
	void *place = (char *)message + known->offset;

	switch (known->kind) {
	case WIRE_SKIPPED:
		return 0;
	case WIRE_TEXT:
		return put_text(source, bytes, place);
	case WIRE_RAW:
		*(struct slice *)place = bytes;
		return 0;
	case WIRE_TEXTS:
	case WIRE_RAWS:
	case WIRE_MESSAGES:
		return put_entry(known, source, bytes, message);
	case WIRE_WIDE:
	case WIRE_NARROW:
		break;
	}
	return -1;
}

static int pass_over(struct cursor *cursor, enum wire_field_kind kind, size_t len)
{
	if (kind != WIRE_SKIPPED || len > (size_t)(cursor->end - cursor->at))
		return -1;
	cursor->at += len;
	return 0;
}

static inline int take_field(struct cursor *cursor, const struct wire_table *table,
			     const struct sched_wire_source *source, void *message)
{
	static const struct wire_field unknown = {.kind = WIRE_SKIPPED};
	const struct wire_field *known;
	struct slice bytes;
	uint64_t key;

	if (!take_varint(&cursor->at, cursor->end, TAKE_SMALL_BYTES, &key) || key >> 3 == 0 ||
	    key > UINT32_MAX)
		return -1;
	known = key >> 3 < table->count ? &table->fields[key >> 3] : &unknown;
	switch (key & 7) {
	case WIRE_VARINT:
		return take_number(cursor, known->kind, (char *)message + known->offset);
	case WIRE_BYTES:
		if (take_bytes(cursor, &bytes) < 0)
			return -1;
		return put_bytes(known, source, bytes, message);
	case WIRE_FIXED64:
		return pass_over(cursor, known->kind, 8);
	case WIRE_FIXED32:
		return pass_over(cursor, known->kind, 4);
	default:
		return -1;
	}
}

int sched_fields_read(const struct wire_table *table, const struct sched_wire_source *source,
		      struct slice part, void *message)
{
	struct cursor cursor = {part.bytes, part.bytes};

	if (part.len) /* NULL plus 0 is not defined */
		cursor.end += part.len;
	while (cursor.at < cursor.end)
		if (take_field(&cursor, table, source, message) < 0)
			return -1;
	return 0;
}
