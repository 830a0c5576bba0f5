/* arena.c - see arena.h. */
#include "arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <protobuf-c/protobuf-c.h>

enum { BLOCK_BYTES = 256 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	max_align_t bytes[];
};

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block = malloc(sizeof(*block) + size);

	if (!block)
		abort();
	block->next = NULL;
	block->size = size;
	return block;
}

/*
 * A block is twice as large as the one before, so that uses which grow a little rarely need
 * another.
 */
static size_t room_for(size_t size)
{
	size_t room = BLOCK_BYTES;

	while (room < size && room <= SIZE_MAX / 2)
		room *= 2;
	return room < size ? size : room;
}

/*
 * Takes the next old block or, when that is too small, a larger one in its place: there are never
 * more blocks than one use has needed.
 */
void arena_advance(struct arena *arena, size_t size)
{
	struct arena_block **link = arena->current ? &arena->current->next : &arena->first;
	struct arena_block *old = *link;

	if (!old || old->size < size) {
		*link = block_new(room_for(size));
		(*link)->next = old ? old->next : NULL;
		free(old);
	}
	arena->current = *link;
	arena->at = (char *)arena->current->bytes;
	arena->left = arena->current->size;
}

void *arena_zalloc(struct arena *arena, size_t size)
{
	return memset(arena_alloc(arena, size), 0, size);
}

/* The rest of the block is nearly always enough: then the text is formatted only once. */
char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	bool fits;
	char *text;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(arena->at, arena->left, format, args);
	va_end(args);
	if (len < 0)
		abort();
	fits = (size_t)len < arena->left;
	text = arena_alloc(arena, (size_t)len + 1);
	if (!fits)
		vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	return text;
}

void arena_reset(struct arena *arena)
{
	arena->current = NULL;
	arena->at = NULL;
	arena->left = 0;
}

size_t arena_room(const struct arena *arena)
{
	size_t room = 0;

	for (const struct arena_block *block = arena->first; block; block = block->next)
		room += block->size;
	return room;
}

void arena_free(struct arena *arena)
{
	while (arena->first) {
		struct arena_block *block = arena->first;

		arena->first = block->next;
		free(block);
	}
	arena_reset(arena);
}

static void *protobuf_alloc(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

static void protobuf_free(void *arena, void *pointer)
{
	(void)arena;
	(void)pointer;
}

struct ProtobufCAllocator arena_protobuf(struct arena *arena)
{
	return (ProtobufCAllocator){
	    .alloc = protobuf_alloc, .free = protobuf_free, .allocator_data = arena};
}
