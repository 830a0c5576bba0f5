/*
 * arena.h - memory that is freed all at once.
 *
 * One arena lives as long as one batch.  arena_reset() keeps the blocks, so a
 * running service stops asking the system for memory.  Out of memory aborts:
 * there is nothing better to do in the middle of a decision.
 */
#ifndef NURTURE_BASE_ARENA_H
#define NURTURE_BASE_ARENA_H

#include <stddef.h>

#include "slice.h"

struct arena_block;

struct arena {
	struct arena_block *first;
	struct arena_block *current;
	char *at;    /* in the current block; NULL: there is none */
	size_t left; /* bytes that are left in it */
};

/* A zeroed struct arena is ready; no init call is needed. */

/* Nothing here returns NULL: without memory the program ends. */
#define ARENA_NONNULL __attribute__((returns_nonnull))

/* Goes on to a block with room for size bytes. */
void arena_advance(struct arena *arena, size_t size);

/* Returns size bytes, aligned for any type, not cleared; valid until reset or free. */
static inline ARENA_NONNULL void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = sizeof(max_align_t);
	void *ret;

	size = (size + align - 1) / align * align;
	if (size > arena->left || !arena->at)
		arena_advance(arena, size);
	ret = arena->at;
	arena->at += size;
	arena->left -= size;
	return ret;
}
/* The same, cleared. */
ARENA_NONNULL void *arena_zalloc(struct arena *arena, size_t size);
/* A copy of bytes with a NUL behind them. */
static inline ARENA_NONNULL char *arena_copy(struct arena *arena, const void *bytes, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	if (len)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}
static inline ARENA_NONNULL char *arena_text(struct arena *arena, const char *text)
{
	return arena_copy(arena, text, strlen(text));
}
ARENA_NONNULL char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void arena_reset(struct arena *arena);
/* The bytes of the system's memory that the arena holds, used or not. */
size_t arena_room(const struct arena *arena);
void arena_free(struct arena *arena);

/*
 * protobuf-c's allocator over an arena: give the result to x__unpack().  Its
 * free does nothing; what was unpacked goes with the arena.  The value
 * returned borrows the arena.
 */
struct ProtobufCAllocator arena_protobuf(struct arena *arena);

#endif
