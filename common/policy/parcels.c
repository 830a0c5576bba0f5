/* parcels.c - see parcels.h. */
#include "parcels.h"

#include "common/base/hash.h"

#define DELIVERED UINT64_C(1)

static void take_in(struct parcels *parcels, uint64_t parcel, struct arena *arena)
{
	uint64_t hash = parcel & ~DELIVERED, *items;
	unsigned at = 0;

	while (at < parcels->count && (parcels->items[at] & ~DELIVERED) < hash)
		at++;
	if (at < parcels->count && (parcels->items[at] & ~DELIVERED) == hash) {
		parcels->items[at] |= parcel & DELIVERED;
		return;
	}
	if (parcels->count == PARCELS_MAX)
		return;
	items = arena_alloc(arena, (parcels->count + 1) * sizeof(*items));
	for (unsigned i = 0; i < parcels->count; i++)
		items[i < at ? i : i + 1] = parcels->items[i];
	items[at] = parcel;
	parcels->items = items;
	parcels->count++;
}

void parcels_note(struct parcels *parcels, const char *name, bool delivered, struct arena *arena)
{
	uint64_t hash = hash64(slice_text(name)) & ~DELIVERED;

	take_in(parcels, delivered ? hash | DELIVERED : hash, arena);
}

void parcels_say(struct parcels *parcels, unsigned count)
{
	if (count > parcels->said)
		parcels->said = count;
}

void parcels_unite(struct parcels *parcels, const struct parcels *with, struct arena *arena)
{
	for (unsigned i = 0; i < with->count; i++)
		take_in(parcels, with->items[i], arena);
	parcels_say(parcels, with->said);
}

bool parcels_are_there(const struct parcels *parcels)
{
	for (unsigned i = 0; i < parcels->count; i++)
		if (!(parcels->items[i] & DELIVERED))
			return false;
	return parcels->count > 0 && parcels->count >= parcels->said;
}
