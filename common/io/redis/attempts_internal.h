/*
 * attempts_internal.h - how the journal of attempts is called in Redis; for attempts.c and
 * attempt_notes.c only.
 */
#ifndef NURTURE_IO_REDIS_ATTEMPTS_INTERNAL_H
#define NURTURE_IO_REDIS_ATTEMPTS_INTERNAL_H

#include <inttypes.h>

#include "common/base/arena.h"
#include "common/base/slice.h"

/* The key of a partition's journal, in the arena. */
static inline struct slice attempts_key(struct arena *arena, const char *prefix,
					const char *service, int32_t partition)
{
	return slice_text(
	    arena_printf(arena, "%s{%s:%d}:attempts", prefix, service, (int)partition));
}

/* An owner as it stands in the journal, in the arena. */
static inline struct slice attempts_owner_text(struct arena *arena, uint64_t owner)
{
	return slice_text(arena_printf(arena, "%016" PRIx64, owner));
}

#endif
