/*
 * stream_world_beside.h - the thread beside the loop, without a thread: its work is done at once, or
 * as late as it can be.  What lies between is one of both as far as anybody can see.
 */
#ifndef NURTURE_TESTS_STREAM_WORLD_BESIDE_H
#define NURTURE_TESTS_STREAM_WORLD_BESIDE_H

#include "common/io/process/beside.h"
#include "stream_world.h"

struct beside {
	void (*work)(void *context);
	void *context;
	bool is_busy;
};

struct beside *beside_open(void (*work)(void *context), void *context)
{
	struct beside *beside = calloc(1, sizeof(*beside));

	if (!beside)
		abort();
	*beside = (struct beside){.work = work, .context = context};
	return beside;
}

void beside_start(struct beside *beside)
{
	beside->is_busy = true;
	if (!world.is_late)
		beside_wait(beside);
}

void beside_wait(struct beside *beside)
{
	bool is_busy = beside->is_busy && !world.is_dead;

	beside->is_busy = false;
	if (is_busy)
		beside->work(beside->context);
}

void beside_close(struct beside **beside)
{
	free(*beside);
	*beside = NULL;
}

#endif
