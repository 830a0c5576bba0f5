/* hash.c - see hash.h. */
#include "hash.h"

#include <stdarg.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "encoding.h"

/* The length goes first, in a fixed byte order: ids are the same on every machine. */
static void add_length(XXH3_state_t *state, uint64_t len)
{
	uint8_t prefix[8];

	for (unsigned i = 0; i < sizeof(prefix); i++)
		prefix[i] = (uint8_t)(len >> (8 * i));
	XXH3_128bits_update(state, prefix, sizeof(prefix));
}

static void add_part(XXH3_state_t *state, struct slice part)
{
	add_length(state, part.len);
	if (part.len)
		XXH3_128bits_update(state, part.bytes, part.len);
}

static void id_finish(const XXH3_state_t *state, char text[ID_TEXT_BYTES])
{
	XXH128_canonical_t canonical;

	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
	base16_write(canonical.digest, sizeof(canonical.digest), text);
}

void id_of(char text[ID_TEXT_BYTES], const struct slice *parts, unsigned count)
{
	XXH3_state_t state;

	XXH3_128bits_reset(&state);
	for (unsigned i = 0; i < count; i++)
		add_part(&state, parts[i]);
	id_finish(&state, text);
}

void id_of_texts(char text[ID_TEXT_BYTES], ...)
{
	XXH3_state_t state;
	const char *part;
	va_list args;

	XXH3_128bits_reset(&state);
	va_start(args, text);
	while ((part = va_arg(args, const char *)))
		add_part(&state, slice_text(part));
	va_end(args);
	id_finish(&state, text);
}

struct id_parts {
	XXH3_state_t *state;
};

struct id_parts *id_parts_begin(void)
{
	struct id_parts *parts = malloc(sizeof(*parts));

	if (!parts)
		abort();
	parts->state = XXH3_createState(); /* which is aligned as it must be */
	if (!parts->state)
		abort();
	XXH3_128bits_reset(parts->state);
	return parts;
}

void id_parts_next(struct id_parts *parts, uint64_t part_bytes)
{
	add_length(parts->state, part_bytes);
}

void id_parts_add(struct id_parts *parts, struct slice piece)
{
	if (piece.len)
		XXH3_128bits_update(parts->state, piece.bytes, piece.len);
}

void id_parts_end(struct id_parts *parts, char text[ID_TEXT_BYTES])
{
	id_finish(parts->state, text);
	XXH3_freeState(parts->state);
	free(parts);
}

uint64_t hash64(struct slice bytes)
{
	return bytes.len ? XXH3_64bits(bytes.bytes, bytes.len) : XXH3_64bits("", 0);
}

double hash_fraction(const struct slice *parts, unsigned count)
{
	XXH3_state_t state;

	XXH3_128bits_reset(&state);
	for (unsigned i = 0; i < count; i++)
		add_part(&state, parts[i]);
	/* 53 bits: as many as a double holds, so that 1.0 cannot come out. */
	return (double)(XXH3_128bits_digest(&state).high64 >> 11) * 0x1p-53;
}

/* org.apache.kafka.common.utils.Utils.murmur2 */
static uint32_t murmur2(struct slice key)
{
	const uint32_t m = 0x5bd1e995;
	const uint8_t *p = key.bytes;
	uint32_t h = 0x9747b28c ^ (uint32_t)key.len;
	size_t left = key.len;

	for (; left >= 4; left -= 4, p += 4) {
		uint32_t k = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
			     (uint32_t)p[3] << 24;

		k *= m;
		k ^= k >> 24;
		h = h * m ^ k * m;
	}
	if (left == 3)
		h ^= (uint32_t)p[2] << 16;
	if (left >= 2)
		h ^= (uint32_t)p[1] << 8;
	if (left >= 1)
		h = (h ^ p[0]) * m;
	h ^= h >> 13;
	h *= m;
	return h ^ h >> 15;
}

int32_t partition_of(struct slice key, int32_t count)
{
	return (int32_t)((murmur2(key) & 0x7fffffff) % (uint32_t)count);
}
