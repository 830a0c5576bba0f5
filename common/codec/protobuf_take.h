/*
 * protobuf_take.h - numbers of protobuf off the front of some bytes.
 *
 * What is taken here, protobuf-c takes too, and as the same value: it reads at
 * most 5 bytes of a key or a length, and of the tenth byte of a number one bit.
 * protobuf.dev/programming-guides/encoding says what a varint is; how long a
 * key may be, the readers decide, and where two read one record they must agree.
 */
#ifndef NURTURE_CODEC_PROTOBUF_TAKE_H
#define NURTURE_CODEC_PROTOBUF_TAKE_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { TAKE_NUMBER_BYTES = 10, TAKE_SMALL_BYTES = 5 }; /* SMALL: keys and lengths */

#define TAKE_EVERY_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/*
 * Of a number of at most eight bytes that begins at the lowest one: its seven bits of each byte, put
 * together.  *ret_bytes: how many it has; 0: more than eight.
 */
static inline uint64_t take_seven_bits(uint64_t eight, unsigned *ret_bytes)
{
	uint64_t ends = ~eight & TAKE_EVERY_BYTE(0x80);

	*ret_bytes = ends ? (unsigned)(__builtin_ctzll(ends) + 1) / 8 : 0;
	eight &= (ends ^ (ends - 1)) & TAKE_EVERY_BYTE(0x7f);
	eight =
	    (eight & UINT64_C(0x007f007f007f007f)) | (eight & UINT64_C(0x7f007f007f007f00)) >> 1;
	eight =
	    (eight & UINT64_C(0x00003fff00003fff)) | (eight & UINT64_C(0x3fff00003fff0000)) >> 2;
	return (eight & UINT64_C(0x000000000fffffff)) | (eight & UINT64_C(0x0fffffff00000000)) >> 4;
}

/* The same as take_varint(), of any length and as near to the end as may be. */
static inline bool take_bytewise(const uint8_t **at, const uint8_t *end, unsigned max_bytes,
				 uint64_t *ret)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < max_bytes && *at < end; i++) {
		uint8_t byte = *(*at)++;

		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			*ret = value;
			return i < TAKE_NUMBER_BYTES - 1 || byte <= 1;
		}
	}
	return false;
}

/*
 * Moves *at behind the number. false: there is none of at most max_bytes before
 * end, or it has more than 64 bits; *at may have moved then.
 */
static inline bool take_varint(const uint8_t **at, const uint8_t *end, unsigned max_bytes,
			       uint64_t *ret)
{
	uint64_t eight;
	unsigned bytes;

	if (*at < end && **at < 0x80) { /* nearly all of them */
		*ret = *(*at)++;
		return true;
	}
	if (end - *at < (ptrdiff_t)sizeof(eight))
		return take_bytewise(at, end, max_bytes, ret);
	memcpy(&eight, *at, sizeof(eight));
	*ret = take_seven_bits(le64toh(eight), &bytes);
	if (!bytes)
		return take_bytewise(at, end, max_bytes, ret);
	*at += bytes;
	return bytes <= max_bytes;
}

#endif
