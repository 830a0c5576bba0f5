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

#include <stdbool.h>
#include <stdint.h>

enum { TAKE_NUMBER_BYTES = 10, TAKE_SMALL_BYTES = 5 }; /* SMALL: keys and lengths */

/*
 * Moves *at behind the number. false: there is none of at most max_bytes before
 * end, or it has more than 64 bits; *at may have moved then.
 */
static inline bool take_varint(const uint8_t **at, const uint8_t *end, unsigned max_bytes,
			       uint64_t *ret)
{
	uint64_t value = 0;

	if (*at < end && **at < 0x80) { /* nearly all of them */
		*ret = *(*at)++;
		return true;
	}
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

#endif
