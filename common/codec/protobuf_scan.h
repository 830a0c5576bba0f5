/*
 * protobuf_scan.h - protobuf's wire format field by field, without unpacking.
 *
 * For what protobuf-c does not do: noticing a NUL inside a string, and reading
 * two fields of a message without making all of it.
 */
#ifndef NURTURE_CODEC_PROTOBUF_SCAN_H
#define NURTURE_CODEC_PROTOBUF_SCAN_H

#include <protobuf-c/protobuf-c.h>

#include "common/base/err.h"
#include "common/base/slice.h"

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

struct protobuf_field {
	uint32_t number;
	unsigned wire;      /* one of WIRE_* */
	uint64_t value;     /* VARINT, FIXED64, FIXED32 */
	struct slice bytes; /* BYTES; borrowed */
};

/* Most messages number their fields without gaps.  NULL: the message has no such field. */
static inline const ProtobufCFieldDescriptor *
protobuf_known_field(const ProtobufCMessageDescriptor *descriptor, uint32_t number)
{
	if (number - 1 < descriptor->n_fields && descriptor->fields[number - 1].id == number)
		return &descriptor->fields[number - 1];
	return protobuf_c_message_descriptor_get_field(descriptor, number);
}

/* Takes one field off the front of *rest. 1: got one, 0: rest was empty, -1: not protobuf. */
int protobuf_next(struct slice *rest, struct protobuf_field *ret);

/* -1 when a string of the message, or of one inside it, has a NUL, or the bytes are not
 * protobuf. */
int protobuf_refuse_nul(const ProtobufCMessageDescriptor *descriptor, struct slice bytes,
			struct err *err);

#endif
