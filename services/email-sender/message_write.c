/* message_write.c - see message.h. */
#include "message.h"

#include "../../common/wire/protobuf_scan.h"

static inline uint8_t *put_varint(uint64_t value, uint8_t *at)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at++ = (uint8_t)value;
	return at;
}

uint8_t *send_message_put_bytes(uint32_t number, struct slice bytes, uint8_t *at)
{
	at = put_varint(number << 3 | WIRE_BYTES, at);
	at = put_varint(bytes.len, at);
	if (bytes.len)
		memcpy(at, bytes.bytes, bytes.len);
	return at + bytes.len;
}

static uint8_t *put_number(uint32_t number, uint64_t value, uint8_t *at)
{
	if (!value)
		return at;
	return put_varint(value, put_varint(number << 3 | WIRE_VARINT, at));
}

static uint8_t *put_fixed64(uint32_t number, uint64_t value, uint8_t *at)
{
	if (!value)
		return at;
	at = put_varint(number << 3 | WIRE_FIXED64, at);
	for (unsigned i = 0; i < 8; i++)
		*at++ = (uint8_t)(value >> (8 * i));
	return at;
}

/* A text or bytes; empty: there is nothing to write. */
static struct slice content(const ProtobufCFieldDescriptor *field, const void *place)
{
	const ProtobufCBinaryData *bytes = place;

	if (field->type == PROTOBUF_C_TYPE_STRING)
		return slice_text(*(char *const *)place);
	return slice_of(bytes->data, bytes->len);
}

static uint8_t *put_field(const ProtobufCFieldDescriptor *field, const void *place, uint8_t *at)
{
	struct slice bytes;

	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_BYTES:
		bytes = content(field, place);
		return bytes.len ? send_message_put_bytes(field->id, bytes, at) : at;
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_ENUM: /* negative: as wide as an int64 */
		return put_number(field->id, (uint64_t)(int64_t) * (const int32_t *)place, at);
	case PROTOBUF_C_TYPE_UINT32:
		return put_number(field->id, *(const uint32_t *)place, at);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
		return put_number(field->id, *(const uint64_t *)place, at);
	case PROTOBUF_C_TYPE_BOOL:
		return put_number(field->id, *(const protobuf_c_boolean *)place != 0, at);
	case PROTOBUF_C_TYPE_FIXED64:
		return put_fixed64(field->id, *(const uint64_t *)place, at);
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_MESSAGE:
		break;
	}
	return at;
}

size_t send_message_bound(const ProtobufCMessageDescriptor *descriptor, const void *message)
{
	size_t bound = descriptor->n_fields * SEND_FIELD_BYTES;

	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];

		if (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BYTES)
			bound += content(field, (const char *)message + field->offset).len;
	}
	return bound;
}

uint8_t *send_message_put(const ProtobufCMessageDescriptor *descriptor, const void *message,
			  uint8_t *at)
{
	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];

		at = put_field(field, (const char *)message + field->offset, at);
	}
	return at;
}
