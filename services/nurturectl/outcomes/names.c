/* names.c - see names.h: open addressing, at most half full. */
#include "names.h"

#include <stdlib.h>

#include "common/base/hash.h"

enum { ROOM_FIRST = 32 };

/* Where the text is, or the free slot where it would be. A slot holds its number and one. */
static uint32_t *slot_of(const struct names *names, const char *text)
{
	uint32_t mask = names->room - 1, at = (uint32_t)hash64(slice_text(text)) & mask;

	while (names->slots[at] && strcmp(names->texts[names->slots[at] - 1], text) != 0)
		at = (at + 1) & mask;
	return &names->slots[at];
}

static void grow(struct names *names)
{
	names->room = names->room ? names->room * 2 : ROOM_FIRST;
	free(names->slots);
	names->slots = calloc(names->room, sizeof(*names->slots));
	names->texts = realloc(names->texts, names->room * sizeof(*names->texts));
	if (!names->slots || !names->texts)
		abort();
	for (uint32_t i = 0; i < names->count; i++)
		*slot_of(names, names->texts[i]) = i + 1;
}

uint32_t names_add(struct names *names, const char *text)
{
	uint32_t *slot;

	if (names->count * 2 >= names->room)
		grow(names);
	slot = slot_of(names, text);
	if (*slot == 0) {
		names->texts[names->count++] = arena_text(&names->arena, text);
		*slot = names->count;
	}
	return *slot - 1;
}

const char *names_keep(struct names *names, const char *text)
{
	uint32_t number = names_add(names, text);

	return names->texts[number];
}

int64_t names_find(const struct names *names, const char *text)
{
	return names->room ? (int64_t)*slot_of(names, text) - 1 : -1;
}

void names_free(struct names *names)
{
	free(names->slots);
	free(names->texts);
	arena_free(&names->arena);
	*names = (struct names){0};
}
