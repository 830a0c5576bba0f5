/* tally.c - see tally.h. */
#include "tally.h"
#include "record_key.h"

#include <stdlib.h>
#include <string.h>

enum {
	ROOM_FIRST = 1 << 8,
	ROOM_MAX = 1 << 19, /* 12 MB of entries; a full one goes to the sort */
	SORT_BYTES = 16 << 20,
	KEY_BYTES = sizeof(int64_t) + sizeof(uint32_t),
};

/* splitmix64's finisher (Steele, Lea, Flood, OOPSLA 2014) spreads what is close to each other. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static struct tally_entry *slot_of(struct tally_entry *entries, size_t room, uint32_t group,
				   int64_t number)
{
	size_t at = mix((uint64_t)number * 31 + group) & (room - 1);

	while (entries[at].count && (entries[at].number != number || entries[at].group != group))
		at = (at + 1) & (room - 1);
	return &entries[at];
}

static void grow(struct tally *tally)
{
	size_t room = tally->room ? tally->room * 2 : ROOM_FIRST;
	struct tally_entry *entries = calloc(room, sizeof(*entries));

	if (!entries)
		abort();
	for (size_t i = 0; i < tally->room; i++)
		if (tally->entries[i].count)
			*slot_of(entries, room, tally->entries[i].group, tally->entries[i].number) =
			    tally->entries[i];
	free(tally->entries);
	tally->entries = entries;
	tally->room = room;
}

static int pour(struct tally *tally, struct err *err)
{
	uint8_t key[KEY_BYTES];

	if (!tally->sort)
		tally->sort = record_sort_open(SORT_BYTES);
	for (size_t i = 0; i < tally->room; i++) {
		struct tally_entry *entry = &tally->entries[i];

		if (entry->count == 0)
			continue;
		record_key_put(key, (uint64_t)entry->number, sizeof(int64_t));
		record_key_put(key + sizeof(int64_t), entry->group, sizeof(uint32_t));
		if (record_sort_add(tally->sort, slice_of(key, sizeof(key)),
				    slice_of(&entry->count, sizeof(entry->count)), err) < 0)
			return -1;
		entry->count = 0;
	}
	tally->used = 0;
	return 0;
}

int tally_add(struct tally *tally, uint32_t group, int64_t number, struct err *err)
{
	struct tally_entry *slot;

	if (tally->used * 2 >= tally->room) {
		if (tally->room < ROOM_MAX)
			grow(tally);
		else if (pour(tally, err) < 0)
			return -1;
	}
	slot = slot_of(tally->entries, tally->room, group, number);
	if (slot->count == 0)
		tally->used++;
	*slot = (struct tally_entry){number, group, slot->count + 1};
	return 0;
}

int tally_rewind(struct tally *tally, struct err *err)
{
	if (pour(tally, err) < 0)
		return -1;
	free(tally->entries);
	tally->entries = NULL;
	tally->room = 0;
	return record_sort_rewind(tally->sort, err);
}

int tally_next(struct tally *tally, struct tally_entry *ret, struct err *err)
{
	struct record record;
	int r = record_sort_next(tally->sort, &record, err);

	if (r <= 0)
		return r;
	ret->number = (int64_t)record_key_number(record.key.bytes, sizeof(int64_t));
	ret->group =
	    (uint32_t)record_key_number(record.key.bytes + sizeof(int64_t), sizeof(uint32_t));
	memcpy(&ret->count, record.value.bytes, sizeof(ret->count));
	return 1;
}

void tally_free(struct tally *tally)
{
	free(tally->entries);
	record_sort_close(tally->sort);
	*tally = (struct tally){0};
}
