/* protobuf_message_read.c - see protobuf_message.h. */
#include "protobuf_message.h"

#include <endian.h>
#include <string.h>

#include "protobuf_scan.h"
#include "protobuf_take.h"

/* One message of the source: how it is read, and what of it. */
struct reading {
	const struct message_source *source;
	bool is_lenient;  /* as message_fill_state() */
	bool keeps_parts; /* as message_fill_parts() */
};

/* A number, and what is behind it; NULL: take_varint() says false. */
struct taken {
	const uint8_t *behind;
	uint64_t value;
};

__attribute__((noinline)) static struct taken take_long(const uint8_t *at, const uint8_t *end,
							unsigned max_bytes)
{
	uint64_t value = 0;
	bool is_taken = take_varint(&at, end, max_bytes, &value);

	return (struct taken){is_taken ? at : NULL, value};
}

/* The same as take_varint(); with one byte or two all of a caller's loop stays in registers. */
static inline struct taken take_next(const uint8_t *at, const uint8_t *end, unsigned max_bytes)
{
	if (at < end && at[0] < 0x80)
		return (struct taken){at + 1, at[0]};
	if (end - at >= 2 && at[1] < 0x80)
		return (struct taken){at + 2, (at[0] & 0x7f) | (uint64_t)at[1] << 7};
	return take_long(at, end, max_bytes);
}

/* Room for one more pointer of a repeated field: 4 at first, then twice as many each time. */
static void **one_more(const ProtobufCFieldDescriptor *field, struct arena *arena, void *message)
{
	size_t *count = (size_t *)(void *)((char *)message + field->quantifier_offset);
	void ***list = (void ***)(void *)((char *)message + field->offset);

	if (*count == 0 || (*count >= 4 && (*count & (*count - 1)) == 0)) {
		void **larger = arena_alloc(arena, (*count ? 2 * *count : 4) * sizeof(*larger));

		if (*count)
			memcpy(larger, *list, *count * sizeof(*larger));
		*list = larger;
	}
	return &(*list)[(*count)++];
}

static inline uint64_t unzigzag(uint64_t value)
{
	return value >> 1 ^ (value & 1 ? UINT64_MAX : 0);
}

static inline bool take_number(const ProtobufCFieldDescriptor *field, uint64_t value, void *place)
{
	switch ((int)field->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_ENUM:
		*(uint32_t *)place = (uint32_t)value;
		return true;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
		*(uint64_t *)place = value;
		return true;
	case PROTOBUF_C_TYPE_SINT64:
		*(uint64_t *)place = unzigzag(value);
		return true;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)place = value != 0;
		return true;
	default:
		return false;
	}
}

static bool fill(const ProtobufCMessageDescriptor *descriptor, const struct reading *reading,
		 struct slice bytes, void *message);

/* The NUL goes over a key or the end, which nobody reads in the copy. */
static inline bool put_text(const struct reading *reading, struct slice text, char **ret)
{
	if (!reading->is_lenient && text.len && memchr(text.bytes, '\0', text.len))
		return false;
	*ret = reading->source->copy + (text.bytes - reading->source->bytes.bytes);
	(*ret)[text.len] = '\0';
	return true;
}

/* Borrowed. */
static inline bool put_binary(struct slice bytes, void *place)
{
	*(ProtobufCBinaryData *)place =
	    (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)(uintptr_t)bytes.bytes};
	return true;
}

static bool put_message(const struct reading *reading, const ProtobufCMessageDescriptor *descriptor,
			struct slice bytes, void **ret)
{
	if (reading->keeps_parts) {
		*ret = message_packed(bytes, reading->source->arena);
		return true;
	}
	*ret = arena_alloc(reading->source->arena, descriptor->sizeof_message);
	descriptor->message_init(*ret);
	return fill(descriptor, reading, bytes, *ret);
}

/* place: where a char *, a pointer to a message or ProtobufCBinaryData stands. */
static bool take_content(const ProtobufCFieldDescriptor *field, struct slice bytes,
			 const struct reading *reading, void *place)
{
	switch ((int)field->type) {
	case PROTOBUF_C_TYPE_STRING:
		return put_text(reading, bytes, place);
	case PROTOBUF_C_TYPE_BYTES:
		return put_binary(bytes, place);
	case PROTOBUF_C_TYPE_MESSAGE:
		return put_message(reading, field->descriptor, bytes, place);
	default:
		return false;
	}
}

static bool take_fixed_list(size_t size, struct slice bytes, void *numbers, size_t *ret_count)
{
	if (bytes.len % size)
		return false;
	*ret_count = bytes.len / size;
	memcpy(numbers, bytes.bytes, bytes.len);
	for (size_t i = 0; i < *ret_count; i++)
		if (size == 8)
			((uint64_t *)numbers)[i] = le64toh(((uint64_t *)numbers)[i]);
		else
			((uint32_t *)numbers)[i] = le32toh(((uint32_t *)numbers)[i]);
	return true;
}

static bool take_varint_list(struct slice bytes, uint64_t *numbers, size_t *ret_count)
{
	const uint8_t *at = bytes.bytes, *end = at + bytes.len;
	size_t count = 0;

	while (at < end) {
		struct taken number = take_next(at, end, TAKE_NUMBER_BYTES);

		if (!number.behind)
			return false;
		numbers[count++] = number.value;
		at = number.behind;
	}
	*ret_count = count;
	return true;
}

/* A list of numbers, all in one piece. */
static bool put_numbers(const ProtobufCFieldDescriptor *field, struct slice bytes,
			struct arena *arena, void *message)
{
	size_t *count = (size_t *)(void *)((char *)message + field->quantifier_offset);
	uint64_t *numbers;

	if (*count || bytes.len == 0)
		return false;
	/* No number takes less than a byte. */
	numbers = arena_alloc(arena, bytes.len * sizeof(*numbers));
	*(void **)(void *)((char *)message + field->offset) = numbers;
	switch ((int)field->type) {
	case PROTOBUF_C_TYPE_FIXED32:
		return take_fixed_list(sizeof(uint32_t), bytes, numbers, count);
	case PROTOBUF_C_TYPE_FIXED64:
		return take_fixed_list(sizeof(uint64_t), bytes, numbers, count);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_INT64:
		return take_varint_list(bytes, numbers, count);
	case PROTOBUF_C_TYPE_SINT64:
		if (!take_varint_list(bytes, numbers, count))
			return false;
		for (size_t i = 0; i < *count; i++)
			numbers[i] = unzigzag(numbers[i]);
		return true;
	default:
		return false;
	}
}

__attribute__((noinline)) static bool put_bytes(struct slice bytes,
						const ProtobufCFieldDescriptor *field,
						const struct reading *reading, void *message)
{
	void *place = (char *)message + field->offset;

	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE)
			return put_numbers(field, bytes, reading->source->arena, message);
		place = one_more(field, reading->source->arena, message);
	} else if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
		uint32_t *taken = (uint32_t *)(void *)((char *)message + field->quantifier_offset);

		if (*taken) /* the last one counts: not for us */
			return false;
		*taken = field->id;
	} else if (field->type == PROTOBUF_C_TYPE_MESSAGE && *(void **)place) {
		return false; /* the two are to be merged */
	}
	return take_content(field, bytes, reading, place);
}

/* Writers go up, so the field is no more than a few behind the one that was found so last. */
__attribute__((noinline)) static const ProtobufCFieldDescriptor *
search_field(const ProtobufCMessageDescriptor *descriptor, uint32_t number,
	     const ProtobufCFieldDescriptor **near)
{
	const ProtobufCFieldDescriptor *end = descriptor->fields + descriptor->n_fields;

	while (*near < end && (*near)->id < number)
		++*near;
	if (*near < end && (*near)->id == number)
		return *near;
	return protobuf_c_message_descriptor_get_field(descriptor, number);
}

/* Most messages number their fields without gaps. NULL: not one of ours. */
static inline const ProtobufCFieldDescriptor *
find_field(const ProtobufCMessageDescriptor *descriptor, uint32_t number,
	   const ProtobufCFieldDescriptor **near)
{
	if (number - 1 < descriptor->n_fields && descriptor->fields[number - 1].id == number)
		return &descriptor->fields[number - 1];
	return search_field(descriptor, number, near);
}

/* What is behind so many bytes; NULL: there are fewer. */
static inline const uint8_t *skip(const uint8_t *at, const uint8_t *end, uint64_t len)
{
	return len <= (uint64_t)(end - at) ? at + len : NULL;
}

/* What is behind the value of a field that a newer writer may know; NULL: it is no protobuf. */
static const uint8_t *pass_over(const uint8_t *at, const uint8_t *end, unsigned wire)
{
	struct taken length;

	switch (wire) {
	case WIRE_VARINT:
		return take_next(at, end, TAKE_NUMBER_BYTES).behind;
	case WIRE_BYTES:
		length = take_next(at, end, TAKE_SMALL_BYTES);
		return length.behind ? skip(length.behind, end, length.value) : NULL;
	case WIRE_FIXED64:
		return skip(at, end, sizeof(uint64_t));
	case WIRE_FIXED32:
		return skip(at, end, sizeof(uint32_t));
	default:
		return NULL;
	}
}

/* It stands by itself: it is no list, and none of several of which one is there. */
static inline bool is_single(const ProtobufCFieldDescriptor *field)
{
	return field->label != PROTOBUF_C_LABEL_REPEATED &&
	       !(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF);
}

/* What is behind the length and so many bytes; NULL: that is not for us. */
static inline const uint8_t *take_bytes(const uint8_t *at, const uint8_t *end,
					const ProtobufCFieldDescriptor *field,
					const struct reading *reading, void *message)
{
	struct taken length = take_next(at, end, TAKE_SMALL_BYTES);
	struct slice bytes;
	bool is_taken;

	if (!length.behind || length.value > (uint64_t)(end - length.behind))
		return NULL;
	bytes = slice_of(length.behind, (size_t)length.value);
	if (field->type == PROTOBUF_C_TYPE_STRING && is_single(field))
		is_taken =
		    put_text(reading, bytes, (char **)(void *)((char *)message + field->offset));
	else if (field->type == PROTOBUF_C_TYPE_BYTES && is_single(field))
		is_taken = put_binary(bytes, (char *)message + field->offset);
	else
		is_taken = put_bytes(bytes, field, reading, message);
	return is_taken ? bytes.bytes + bytes.len : NULL;
}

static const uint8_t *take_fixed64(const uint8_t *at, const uint8_t *end,
				   const ProtobufCFieldDescriptor *field, void *message)
{
	uint64_t value;

	if (end - at < (ptrdiff_t)sizeof(value) || field->type != PROTOBUF_C_TYPE_FIXED64)
		return NULL;
	memcpy(&value, at, sizeof(value));
	*(uint64_t *)(void *)((char *)message + field->offset) = le64toh(value);
	return at + sizeof(value);
}

/* What is behind the value; NULL: it is not for us. */
static inline const uint8_t *take_value(const uint8_t *at, const uint8_t *end, unsigned wire,
					const ProtobufCFieldDescriptor *field,
					const struct reading *reading, void *message)
{
	struct taken number;

	if (wire == WIRE_BYTES)
		return take_bytes(at, end, field, reading, message);
	if (!is_single(field))
		return NULL;
	if (wire == WIRE_FIXED64)
		return take_fixed64(at, end, field, message);
	if (wire != WIRE_VARINT)
		return NULL;
	number = take_next(at, end, TAKE_NUMBER_BYTES);
	return number.behind && take_number(field, number.value, (char *)message + field->offset)
		   ? number.behind
		   : NULL;
}

/* Apart from who calls it, so that what takes a field is a part of its loop: it runs for each. */
__attribute__((noinline)) static bool fill(const ProtobufCMessageDescriptor *descriptor,
					   const struct reading *reading, struct slice bytes,
					   void *message)
{
	const ProtobufCFieldDescriptor *near = descriptor->fields, *field;
	const uint8_t *at = bytes.bytes, *end = bytes.len ? at + bytes.len : at;

	while (at < end) {
		struct taken key = take_next(at, end, TAKE_SMALL_BYTES);

		if (!key.behind || key.value > UINT32_MAX)
			return false;
		field = find_field(descriptor, (uint32_t)key.value >> 3, &near);
		if (field)
			at = take_value(key.behind, end, key.value & 7, field, reading, message);
		else if (reading->is_lenient && key.value >> 3)
			at = pass_over(key.behind, end, key.value & 7);
		else
			return false;
		if (!at)
			return false;
	}
	return true;
}

struct message_source message_source_of(struct slice bytes, struct arena *arena)
{
	return (struct message_source){bytes, arena_copy(arena, bytes.bytes, bytes.len), arena};
}

bool message_fill_state(const struct message_source *source,
			const ProtobufCMessageDescriptor *descriptor, struct slice part,
			void *message)
{
	const struct reading reading = {.source = source, .is_lenient = true};

	return fill(descriptor, &reading, part, message);
}

bool message_fill_parts(const struct message_source *source,
			const ProtobufCMessageDescriptor *descriptor, struct slice part,
			void *message)
{
	const struct reading reading = {source, .is_lenient = true, .keeps_parts = true};

	return fill(descriptor, &reading, part, message);
}

bool message_fill(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
		  struct arena *arena, void *message)
{
	const struct message_source source = message_source_of(bytes, arena);
	const struct reading reading = {.source = &source};

	return fill(descriptor, &reading, bytes, message);
}

void *message_read(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
		   struct arena *arena)
{
	void *message = arena_alloc(arena, descriptor->sizeof_message);

	descriptor->message_init(message);
	return message_fill(descriptor, bytes, arena, message) ? message : NULL;
}

void *message_unpack(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
		     struct arena *arena)
{
	ProtobufCAllocator memory = arena_protobuf(arena);
	void *message = message_read(descriptor, bytes, arena);

	return message ? message
		       : protobuf_c_message_unpack(descriptor, &memory, bytes.len, bytes.bytes);
}
