/*
 * arena_pool.h - memory in which one request is read, used again and again.
 *
 * There are never more pieces than handlers that run at once.
 */
#ifndef NURTURE_INGEST_ARENA_POOL_H
#define NURTURE_INGEST_ARENA_POOL_H

#include <pthread.h>

#include "common/base/arena.h"

struct ing_scratch {
	struct ing_scratch *next;
	struct arena arena;
};

struct ing_scratches {
	pthread_mutex_t lock;
	struct ing_scratch *free; /* lock */
};

void ing_scratches_init(struct ing_scratches *scratches);
void ing_scratches_end(struct ing_scratches *scratches);
struct ing_scratch *ing_scratch_take(struct ing_scratches *scratches);
/* All that was allocated in it is gone. */
void ing_scratch_give_back(struct ing_scratches *scratches, struct ing_scratch *scratch);

#endif
