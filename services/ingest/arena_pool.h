/*
 * arena_pool.h - arenas in which requests are read, each used again and again.
 *
 * There are never more arenas than handlers that run at once.
 */
#ifndef NURTURE_INGEST_ARENA_POOL_H
#define NURTURE_INGEST_ARENA_POOL_H

#include <pthread.h>

#include "common/base/arena.h"

struct ing_pooled_arena {
	struct ing_pooled_arena *next;
	struct arena arena;
};

struct ing_arena_pool {
	pthread_mutex_t lock;
	struct ing_pooled_arena *free; /* lock */
};

void ing_arena_pool_init(struct ing_arena_pool *arena_pool);
void ing_arena_pool_end(struct ing_arena_pool *arena_pool);
struct ing_pooled_arena *ing_arena_pool_take(struct ing_arena_pool *arena_pool);
/* Frees what was allocated in the arena. */
void ing_arena_pool_give_back(struct ing_arena_pool *arena_pool, struct ing_pooled_arena *pooled);

#endif
