/*
 * give_back.c - what a backlog took of the system's memory goes back when there is nothing to do.
 *
 * Batches keep their memory for the next one, and malloc keeps what was freed.  Both are right while
 * large batches follow each other, and cost hundreds of MiB for nothing afterwards.
 */
#include <malloc.h>
#include <stdlib.h>

#include "stream_internal.h"

/* Batches of a shop's everyday business stay below this. */
enum { KEPT_BYTES = 4 * 1024 * 1024 };

/* No batch is under way, so nothing is in it; a partition and its part of the batch take turns. */
static void give_back_taken(struct commit_part *part)
{
	free(part->taken);
	part->taken = NULL;
	part->taken_room = 0;
}

void stream_give_back(struct stream *stream)
{
	size_t room = arena_room(&stream->arena) + arena_room(&stream->commit.arena) +
		      arena_room(&stream->step_arena);

	if (room <= KEPT_BYTES)
		return;
	arena_free(&stream->arena);
	arena_free(&stream->commit.arena);
	arena_free(&stream->step_arena);
	for (int32_t p = 0; p < stream->partition_count; p++) {
		partition_give_back(&stream->partitions[p]);
		give_back_taken(&stream->commit.parts[p]);
	}
	malloc_trim(0);
}
