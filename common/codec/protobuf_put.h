/*
 * protobuf_put.h - fields of protobuf into memory whose room has been reckoned.
 *
 * Each returns where the next one goes.
 */
#ifndef NURTURE_CODEC_PROTOBUF_PUT_H
#define NURTURE_CODEC_PROTOBUF_PUT_H

#include <endian.h>

#include "common/base/slice.h"
#include "protobuf_scan.h"

/* Keys of numbers from 16 on have two bytes. */
enum { VARINT_MAX_BYTES = 10, FIXED64_BYTES = 8, KEYED_MAX_BYTES = 2 + VARINT_MAX_BYTES };

static inline uint8_t *put_varint(uint8_t *at, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at++ = (uint8_t)value;
	return at;
}

static inline uint8_t *put_raw(uint8_t *at, struct slice bytes)
{
	if (bytes.len)
		memcpy(at, bytes.bytes, bytes.len);
	return at + bytes.len;
}

static inline uint8_t *put_key(uint8_t *at, unsigned number, unsigned wire)
{
	return put_varint(at, number << 3 | wire);
}

static inline uint8_t *put_message(uint8_t *at, unsigned number, struct slice bytes)
{
	return put_raw(put_varint(put_key(at, number, WIRE_BYTES), bytes.len), bytes);
}

/* As proto3 says: what is empty or 0 is left out. */
static inline uint8_t *put_text(uint8_t *at, unsigned number, const char *text)
{
	return text[0] ? put_message(at, number, slice_text(text)) : at;
}

static inline uint8_t *put_number(uint8_t *at, unsigned number, uint64_t value)
{
	return value ? put_varint(put_key(at, number, WIRE_VARINT), value) : at;
}

static inline uint8_t *put_fixed64(uint8_t *at, uint64_t value)
{
	uint64_t wire = htole64(value);

	memcpy(at, &wire, sizeof(wire));
	return at + sizeof(wire);
}

#endif
