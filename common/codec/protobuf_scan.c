/* protobuf_scan.c - see protobuf_scan.h. */
#include "protobuf_scan.h"

#include "protobuf_take.h"

static int take_whole(struct slice *rest, unsigned max_bytes, uint64_t *ret)
{
	const uint8_t *at = rest->bytes, *end = rest->bytes;

	if (rest->len) /* NULL plus 0 is not defined */
		end += rest->len;
	if (!take_varint(&at, end, max_bytes, ret))
		return -1;
	*rest = slice_of(at, (size_t)(end - at));
	return 0;
}

static int take_bytes(struct slice *rest, uint64_t len, struct slice *ret)
{
	if (len > rest->len)
		return -1;
	*ret = slice_of(rest->bytes, (size_t)len);
	*rest = slice_of(rest->bytes + len, rest->len - (size_t)len);
	return 0;
}

/* Little-endian. */
static int take_fixed(struct slice *rest, unsigned size, uint64_t *ret)
{
	struct slice bytes;

	if (take_bytes(rest, size, &bytes) < 0)
		return -1;
	*ret = 0;
	for (unsigned i = 0; i < size; i++)
		*ret |= (uint64_t)bytes.bytes[i] << (8 * i);
	return 0;
}

int protobuf_next(struct slice *rest, struct protobuf_field *ret)
{
	uint64_t key, len;

	if (rest->len == 0)
		return 0;
	if (take_whole(rest, TAKE_SMALL_BYTES, &key) < 0 || key >> 3 == 0 || key > UINT32_MAX)
		return -1;
	*ret = (struct protobuf_field){.number = (uint32_t)(key >> 3), .wire = key & 7};
	switch (ret->wire) {
	case WIRE_VARINT:
		return take_whole(rest, TAKE_NUMBER_BYTES, &ret->value) < 0 ? -1 : 1;
	case WIRE_FIXED64:
		return take_fixed(rest, 8, &ret->value) < 0 ? -1 : 1;
	case WIRE_FIXED32:
		return take_fixed(rest, 4, &ret->value) < 0 ? -1 : 1;
	case WIRE_BYTES:
		if (take_whole(rest, TAKE_SMALL_BYTES, &len) < 0)
			return -1;
		return take_bytes(rest, len, &ret->bytes) < 0 ? -1 : 1;
	default: /* groups: proto3 has none */
		return -1;
	}
}

int protobuf_refuse_nul(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
			struct err *err)
{
	struct protobuf_field field;
	int r;

	while ((r = protobuf_next(&bytes, &field)) == 1) {
		const ProtobufCFieldDescriptor *known =
		    protobuf_c_message_descriptor_get_field(descriptor, field.number);

		if (!known || field.wire != WIRE_BYTES)
			continue;
		if (known->type == PROTOBUF_C_TYPE_STRING &&
		    memchr(field.bytes.bytes, '\0', field.bytes.len))
			return err_set(err, "%s.%s: expected a text without NUL, found one",
				       descriptor->name, known->name);
		if (known->type == PROTOBUF_C_TYPE_MESSAGE &&
		    protobuf_refuse_nul(known->descriptor, field.bytes, err) < 0)
			return -1;
	}
	return r < 0 ? err_set(err, "not a readable %s", descriptor->name) : 0;
}
