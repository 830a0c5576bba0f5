/* arena_pool.c - see arena_pool.h. */
#include "arena_pool.h"

#include <stdlib.h>

void ing_scratches_init(struct ing_scratches *scratches)
{
	scratches->free = NULL;
	pthread_mutex_init(&scratches->lock, NULL);
}

void ing_scratches_end(struct ing_scratches *scratches)
{
	struct ing_scratch *scratch;

	while ((scratch = scratches->free) != NULL) {
		scratches->free = scratch->next;
		arena_free(&scratch->arena);
		free(scratch);
	}
	pthread_mutex_destroy(&scratches->lock);
}

struct ing_scratch *ing_scratch_take(struct ing_scratches *scratches)
{
	struct ing_scratch *scratch;

	pthread_mutex_lock(&scratches->lock);
	scratch = scratches->free;
	if (scratch)
		scratches->free = scratch->next;
	pthread_mutex_unlock(&scratches->lock);
	if (!scratch)
		scratch = calloc(1, sizeof(*scratch));
	if (!scratch)
		abort();
	return scratch;
}

void ing_scratch_give_back(struct ing_scratches *scratches, struct ing_scratch *scratch)
{
	arena_reset(&scratch->arena);
	pthread_mutex_lock(&scratches->lock);
	scratch->next = scratches->free;
	scratches->free = scratch;
	pthread_mutex_unlock(&scratches->lock);
}
