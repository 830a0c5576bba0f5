/* sim_inboxes.c - see sim_inboxes.h. */
#include "sim_inboxes.h"

#include <stdlib.h>

#include "common/base/civil.h"
#include "common/base/hash.h"

enum { ROOM_LEAST = 16 };

void sim_state_set(struct sim_state *state, struct slice bytes, struct arena *arena)
{
	uint8_t *room = (uint8_t *)(uintptr_t)state->bytes.bytes;

	if (bytes.len > state->room) {
		state->room = 2 * bytes.len;
		room = arena_alloc(arena, state->room);
	}
	if (bytes.len)
		memmove(room, bytes.bytes, bytes.len);
	state->bytes = slice_of(room, bytes.len);
}

/* The slot of the key, or the free one where it would be. */
static struct sim_inbox **slot_of(const struct sim_inboxes *inboxes, struct slice key)
{
	size_t mask = inboxes->room - 1, at = hash64(key) & mask;

	while (inboxes->slots[at] && !slice_equal(inboxes->slots[at]->key, key))
		at = (at + 1) & mask;
	return &inboxes->slots[at];
}

/* At most half full. */
static void make_room(struct sim_inboxes *inboxes)
{
	struct sim_inboxes old = *inboxes;

	if (2 * old.count < old.room)
		return;
	inboxes->room = old.room ? 2 * old.room : ROOM_LEAST;
	inboxes->slots = calloc(inboxes->room, sizeof(*inboxes->slots));
	if (!inboxes->slots)
		abort();
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i])
			*slot_of(inboxes, old.slots[i]->key) = old.slots[i];
	free(old.slots);
}

static struct sim_inbox *made(struct slice key, size_t rank, struct arena *arena)
{
	struct sim_inbox *inbox = arena_alloc(arena, sizeof(*inbox));

	*inbox = (struct sim_inbox){.noted = {.at_ms = NEVER_MS, .rank = rank},
				    .key = slice_of(arena_copy(arena, key.bytes, key.len), key.len),
				    .due_ms = NEVER_MS};
	return inbox;
}

struct sim_inbox *sim_inbox_of(struct sim_inboxes *inboxes, struct slice key, struct arena *arena)
{
	struct sim_inbox **slot;

	make_room(inboxes);
	slot = slot_of(inboxes, key);
	if (!*slot)
		*slot = made(key, inboxes->count++, arena);
	return *slot;
}

void sim_inboxes_clear(struct sim_inboxes *inboxes)
{
	if (inboxes->count)
		memset(inboxes->slots, 0, inboxes->room * sizeof(*inboxes->slots));
	inboxes->count = 0;
}

void sim_inboxes_free(struct sim_inboxes *inboxes)
{
	free(inboxes->slots);
	*inboxes = (struct sim_inboxes){0};
}
