/* profile.c - see profile.h. */
#include "profile.h"

#include <string.h>

struct seg_profile *seg_profile_new(struct arena *arena)
{
	struct seg_profile *profile = arena_zalloc(arena, sizeof(*profile));

	profile->arena = arena;
	profile->older.first_ms = SEG_NEVER;
	profile->older.last_ms = SEG_NEVER;
	for (unsigned i = 0; i < SEG_ATTRIBUTE_COUNT; i++)
		profile->attributes[i].text = "";
	profile->bounced_ms = SEG_NEVER;
	profile->preferences.time_ms = SEG_NEVER;
	profile->merged_into = "";
	profile->merged_ms = SEG_NEVER;
	profile->due_ms = SEG_NEVER;
	profile->erased_ms = SEG_NEVER;
	profile->live_from_ms = SEG_NEVER;
	profile->events.floor = profile->facts.floor = SEG_NO_FLOOR;
	return profile;
}

void *seg_list_open(struct arena *arena, void *list, unsigned count, unsigned *room, size_t size,
		    unsigned at)
{
	char *items = list;

	if (count == *room) {
		*room = count ? 2 * count : 4;
		items = arena_alloc(arena, *room * size);
		if (count)
			memcpy(items, list, count * size);
	}
	memmove(items + (at + 1) * size, items + at * size, (count - at) * size);
	return items;
}

void seg_list_close(void *list, unsigned count, size_t size, unsigned at)
{
	char *items = list;

	memmove(items + at * size, items + (at + 1) * size, (count - at - 1) * size);
}
