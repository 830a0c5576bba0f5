/* grow.h - lists that grow in memory of their own. */
#ifndef NURTURE_BASE_GROW_H
#define NURTURE_BASE_GROW_H

#include <stdlib.h>
#include <string.h>

/*
 * Makes room for at least `wanted` items of a list from malloc() that has room for *room; what is
 * new is all zero.  Returns the list, which may have moved.  Without memory the program ends.
 */
static inline void *grow_zeroed(void *items, size_t *room, size_t wanted, size_t size)
{
	size_t before = *room;

	if (wanted <= before)
		return items;
	*room = wanted * 2;
	items = realloc(items, *room * size);
	if (!items)
		abort();
	memset((char *)items + before * size, 0, (*room - before) * size);
	return items;
}

#endif
