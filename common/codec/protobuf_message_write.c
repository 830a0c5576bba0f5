/*
 * protobuf_message_write.c - see protobuf_message.h.
 *
 * From the end to the beginning: so the length of a message is known when it
 * is to be written, in one pass.
 */
#include "protobuf_message.h"

#include <endian.h>
#include <stdlib.h>

#include "protobuf_scan.h"

enum { ROOM_LEAST_BYTES = 512, VARINT_MAX_BYTES = 10 };

/* What is written so far: from at to end. */
struct tail {
	uint8_t *begin, *at, *end;
	struct arena *arena;
};

static void grow(struct tail *tail, size_t len)
{
	size_t used = (size_t)(tail->end - tail->at);
	size_t room = 2 * used + len + ROOM_LEAST_BYTES;
	uint8_t *larger = arena_alloc(tail->arena, room);

	if (used)
		memcpy(larger + room - used, tail->at, used);
	tail->begin = larger;
	tail->end = larger + room;
	tail->at = tail->end - used;
}

static inline void need(struct tail *tail, size_t len)
{
	if ((size_t)(tail->at - tail->begin) < len)
		grow(tail, len);
}

static inline void put_raw(struct tail *tail, const void *bytes, size_t len)
{
	need(tail, len);
	tail->at -= len;
	memcpy(tail->at, bytes, len);
}

/* There is room. */
static inline void write_varint(struct tail *tail, uint64_t value)
{
	uint8_t *at;

	if (value < 0x80) {
		*--tail->at = (uint8_t)value;
		return;
	}
	tail->at -= (70 - __builtin_clzll(value)) / 7; /* seven bits a byte */
	for (at = tail->at; value >= 0x80; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at = (uint8_t)value;
}

static inline void put_varint(struct tail *tail, uint64_t value)
{
	need(tail, VARINT_MAX_BYTES);
	write_varint(tail, value);
}

static inline void put_key(struct tail *tail, uint32_t number, unsigned wire)
{
	put_varint(tail, number << 3 | wire);
}

/* A number, and the key before it. */
static inline void put_keyed(struct tail *tail, uint32_t number, unsigned wire, uint64_t value)
{
	need(tail, 2 * VARINT_MAX_BYTES);
	write_varint(tail, value);
	write_varint(tail, number << 3 | wire);
}

static void put_bytes(struct tail *tail, uint32_t number, struct slice bytes)
{
	if (bytes.len)
		put_raw(tail, bytes.bytes, bytes.len);
	put_keyed(tail, number, WIRE_BYTES, bytes.len);
}

/* What stands for a message that is packed already.  No magic: protobuf-c refuses to touch it. */
struct packed {
	ProtobufCMessage base;
	struct slice bytes;
};

static const ProtobufCMessageDescriptor packed_descriptor = {.name = "packed"};

void *message_packed(struct slice bytes, struct arena *arena)
{
	struct packed *packed = arena_alloc(arena, sizeof(*packed));

	*packed = (struct packed){{.descriptor = &packed_descriptor}, bytes};
	return packed;
}

struct slice message_bytes(const void *message)
{
	const struct packed *packed = message;

	return packed->base.descriptor == &packed_descriptor ? packed->bytes : slice_of(NULL, 0);
}

static bool put_fields(struct tail *tail, const ProtobufCMessage *message);

static bool put_message(struct tail *tail, uint32_t number, const ProtobufCMessage *message)
{
	size_t behind = (size_t)(tail->end - tail->at);

	if (!put_fields(tail, message))
		return false;
	put_keyed(tail, number, WIRE_BYTES, (size_t)(tail->end - tail->at) - behind);
	return true;
}

/* Small numbers of either sign become small ones without. */
static inline uint64_t zigzag(uint64_t value)
{
	return value << 1 ^ (value >> 63 ? UINT64_MAX : 0);
}

/* As proto3 says: 0 is left out. */
static bool put_number(struct tail *tail, uint32_t number, uint64_t value)
{
	if (value)
		put_keyed(tail, number, WIRE_VARINT, value);
	return true;
}

static bool put_fixed64(struct tail *tail, uint32_t number, uint64_t value)
{
	if (value) {
		value = htole64(value);
		put_raw(tail, &value, sizeof(value));
		put_key(tail, number, WIRE_FIXED64);
	}
	return true;
}

/* In the loop of put_run(): it runs for each field of each message. */
static inline __attribute__((always_inline)) bool
put_one(struct tail *tail, const ProtobufCFieldDescriptor *field, const void *place)
{
	const ProtobufCBinaryData *bytes = place;
	const char *text;

	switch ((int)field->type) {
	case PROTOBUF_C_TYPE_STRING:
		text = *(char *const *)place;
		if (text && *text)
			put_bytes(tail, field->id, slice_text(text));
		return true;
	case PROTOBUF_C_TYPE_BYTES:
		if (bytes->len)
			put_bytes(tail, field->id, slice_of(bytes->data, bytes->len));
		return true;
	case PROTOBUF_C_TYPE_MESSAGE:
		return !*(void *const *)place ||
		       put_message(tail, field->id, *(ProtobufCMessage *const *)place);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_ENUM: /* negative: as wide as an int64 */
		return put_number(tail, field->id, (uint64_t)(int64_t) * (const int32_t *)place);
	case PROTOBUF_C_TYPE_UINT32:
		return put_number(tail, field->id, *(const uint32_t *)place);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
		return put_number(tail, field->id, *(const uint64_t *)place);
	case PROTOBUF_C_TYPE_SINT64:
		return put_number(tail, field->id, zigzag(*(const uint64_t *)place));
	case PROTOBUF_C_TYPE_BOOL:
		return put_number(tail, field->id, *(const protobuf_c_boolean *)place != 0);
	case PROTOBUF_C_TYPE_FIXED64:
		return put_fixed64(tail, field->id, *(const uint64_t *)place);
	default:
		return false;
	}
}

/* There is room. */
static void put_fixed64_list(struct tail *tail, const uint64_t *numbers, size_t count)
{
	tail->at -= count * sizeof(*numbers);
	for (size_t i = 0; i < count; i++) {
		uint64_t number = htole64(numbers[i]);

		memcpy(tail->at + i * sizeof(number), &number, sizeof(number));
	}
}

/* Writes a list of numbers, packed, the last entry first. */
static bool put_numbers(struct tail *tail, const ProtobufCFieldDescriptor *field, const void *list,
			size_t count)
{
	const uint64_t *numbers = list;
	const uint32_t *small = list;
	size_t behind;

	need(tail, (count + 2) * VARINT_MAX_BYTES);
	behind = (size_t)(tail->end - tail->at);
	switch ((int)field->type) {
	case PROTOBUF_C_TYPE_FIXED32:
		for (size_t i = count; i-- > 0;)
			put_raw(tail, &(uint32_t){htole32(small[i])}, sizeof(*small));
		break;
	case PROTOBUF_C_TYPE_FIXED64:
		put_fixed64_list(tail, numbers, count);
		break;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_INT64:
		for (size_t i = count; i-- > 0;)
			write_varint(tail, numbers[i]);
		break;
	case PROTOBUF_C_TYPE_SINT64:
		for (size_t i = count; i-- > 0;)
			write_varint(tail, zigzag(numbers[i]));
		break;
	default:
		return false;
	}
	write_varint(tail, (size_t)(tail->end - tail->at) - behind);
	put_key(tail, field->id, WIRE_BYTES);
	return true;
}

/* Writes a list, the last entry first. */
static bool put_list(struct tail *tail, const ProtobufCFieldDescriptor *field, const void *list,
		     size_t count)
{
	if (field->type == PROTOBUF_C_TYPE_STRING) {
		for (size_t i = count; i-- > 0;)
			put_bytes(tail, field->id, slice_text(((char *const *)list)[i]));
		return true;
	}
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return put_numbers(tail, field, list, count);
	for (size_t i = count; i-- > 0;)
		if (!put_message(tail, field->id, ((ProtobufCMessage *const *)list)[i]))
			return false;
	return true;
}

/* What is not there by itself: a list, or one of several of which one is there. */
__attribute__((noinline)) static bool
put_list_or_choice(struct tail *tail, const ProtobufCFieldDescriptor *field, const char *message)
{
	const void *quantifier = message + field->quantifier_offset;
	const void *place = message + field->offset;

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return put_list(tail, field, *(void *const *)place, *(const size_t *)quantifier);
	if (*(const uint32_t *)quantifier != field->id)
		return true;
	return field->type == PROTOBUF_C_TYPE_MESSAGE &&
	       put_message(tail, field->id, *(ProtobufCMessage *const *)place);
}

/* Most fields of most messages are at their default, which is not written: proto3. */
static inline bool put_field(struct tail *tail, const ProtobufCFieldDescriptor *field,
			     const char *message)
{
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return *(const size_t *)(const void *)(message + field->quantifier_offset) == 0 ||
		       put_list_or_choice(tail, field, message);
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
		return put_list_or_choice(tail, field, message);
	return put_one(tail, field, message + field->offset);
}

/* Writes fields that follow each other in the descriptor, the last one first. */
static bool put_run(struct tail *tail, const ProtobufCFieldDescriptor *first,
		    const ProtobufCFieldDescriptor *end, const ProtobufCMessage *message)
{
	while (end-- > first)
		if (!put_field(tail, end, (const char *)message))
			return false;
	return true;
}

/* Fields of a newer writer stand behind everything else, as protobuf-c has it. */
static void put_unknown(struct tail *tail, const ProtobufCMessage *message)
{
	for (unsigned i = message->n_unknown_fields; i-- > 0;) {
		const ProtobufCMessageUnknownField *field = &message->unknown_fields[i];

		put_raw(tail, field->data, field->len);
		/* protobuf-c takes numbers of more than 29 bits. */
		put_varint(tail, (uint64_t)field->tag << 3 | (unsigned)field->wire_type);
	}
}

static bool put_fields(struct tail *tail, const ProtobufCMessage *message)
{
	if (message->descriptor == &packed_descriptor) {
		struct slice bytes = message_bytes(message);

		if (bytes.len)
			put_raw(tail, bytes.bytes, bytes.len);
		return true;
	}
	put_unknown(tail, message);
	return put_run(tail, message->descriptor->fields,
		       message->descriptor->fields + message->descriptor->n_fields, message);
}

static struct slice written(const struct tail *tail)
{
	return slice_of(tail->at, (size_t)(tail->end - tail->at));
}

static struct slice pack_by_library(const void *message, struct arena *arena)
{
	uint8_t *bytes = arena_alloc(arena, protobuf_c_message_get_packed_size(message));

	return slice_of(bytes, protobuf_c_message_pack(message, bytes));
}

struct slice message_pack(const void *message, struct arena *arena)
{
	struct tail tail = {.arena = arena};

	grow(&tail, 0);
	return put_fields(&tail, message) ? written(&tail) : pack_by_library(message, arena);
}

struct slice message_pack_runs(const void *message, const struct message_run *runs, size_t count,
			       struct arena *arena)
{
	const ProtobufCMessageDescriptor *descriptor =
	    ((const ProtobufCMessage *)message)->descriptor;
	struct tail tail = {.arena = arena};
	size_t left = descriptor->n_fields;

	grow(&tail, 0);
	while (count-- > 0) {
		const struct message_run *run = &runs[count];
		const ProtobufCFieldDescriptor *last = protobuf_known_field(descriptor, run->last);

		if (!last || !put_run(&tail, last - (run->last - run->first), last + 1, message))
			abort();
		left -= run->last - run->first + 1;
	}
	if (left) /* a field was forgotten: any test that writes the message finds out */
		abort();
	return written(&tail);
}
