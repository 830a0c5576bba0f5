/* arena_pool.c - see arena_pool.h. */
#include "arena_pool.h"

#include <stdlib.h>

void ing_arena_pool_init(struct ing_arena_pool *arena_pool)
{
	arena_pool->free = NULL;
	pthread_mutex_init(&arena_pool->lock, NULL);
}

void ing_arena_pool_end(struct ing_arena_pool *arena_pool)
{
	struct ing_pooled_arena *pooled;

	while ((pooled = arena_pool->free) != NULL) {
		arena_pool->free = pooled->next;
		arena_free(&pooled->arena);
		free(pooled);
	}
	pthread_mutex_destroy(&arena_pool->lock);
}

struct ing_pooled_arena *ing_arena_pool_take(struct ing_arena_pool *arena_pool)
{
	struct ing_pooled_arena *pooled;

	pthread_mutex_lock(&arena_pool->lock);
	pooled = arena_pool->free;
	if (pooled)
		arena_pool->free = pooled->next;
	pthread_mutex_unlock(&arena_pool->lock);
	if (!pooled)
		pooled = calloc(1, sizeof(*pooled));
	if (!pooled)
		abort();
	return pooled;
}

void ing_arena_pool_give_back(struct ing_arena_pool *arena_pool, struct ing_pooled_arena *pooled)
{
	arena_reset(&pooled->arena);
	pthread_mutex_lock(&arena_pool->lock);
	pooled->next = arena_pool->free;
	arena_pool->free = pooled;
	pthread_mutex_unlock(&arena_pool->lock);
}
