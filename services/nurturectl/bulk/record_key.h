/* record_key.h - numbers in the keys of records, which are sorted as bytes are compared. */
#ifndef NURTURE_NURTURECTL_BULK_RECORD_KEY_H
#define NURTURE_NURTURECTL_BULK_RECORD_KEY_H

#include <stddef.h>
#include <stdint.h>

/* The lowest `bytes` bytes of a number, the highest of them first. */
static inline void record_key_put(uint8_t *to, uint64_t number, size_t bytes)
{
	for (size_t i = bytes; i-- > 0; number >>= 8)
		to[i] = (uint8_t)number;
}

static inline uint64_t record_key_number(const uint8_t *from, size_t bytes)
{
	uint64_t number = 0;

	for (size_t i = 0; i < bytes; i++)
		number = number << 8 | from[i];
	return number;
}

#endif
