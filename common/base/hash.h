/*
 * hash.h - ids, and the partition of a key.
 *
 * Ids are XXH3-128 of length-prefixed parts, as 32 hex digits: the same parts
 * give the same id for ever, and ("ab","c") differs from ("a","bc").
 */
#ifndef NURTURE_BASE_HASH_H
#define NURTURE_BASE_HASH_H

#include <stdint.h>

#include "slice.h"

enum { ID_TEXT_BYTES = 33 };

/* The id of count parts into text, NUL-terminated. */
void id_of(char text[ID_TEXT_BYTES], const struct slice *parts, unsigned count);
/* The same of NUL-terminated parts; ends with a NULL. */
void id_of_texts(char text[ID_TEXT_BYTES], ...) __attribute__((sentinel));

/* The id of parts that come piece by piece: of each its length first. */
struct id_parts;
struct id_parts *id_parts_begin(void);
void id_parts_next(struct id_parts *parts, uint64_t part_bytes);
void id_parts_add(struct id_parts *parts, struct slice piece);
/* Frees the parts. */
void id_parts_end(struct id_parts *parts, char text[ID_TEXT_BYTES]);

uint64_t hash64(struct slice bytes);

/* [0,1) from the parts, the same for ever: holdout, choice of a variant. */
double hash_fraction(const struct slice *parts, unsigned count);

/*
 * The partition that Kafka's Java client and librdkafka's murmur2_random give
 * a key: (murmur2(key) & 0x7fffffff) % count.
 */
int32_t partition_of(struct slice key, int32_t count);

#endif
