/*
 * counts.c - how many outcomes of each status a programme had on a day, counted in memory and
 * written with the batch; see view_internal.h.
 */
#include <stdlib.h>

#include "common/base/civil.h"
#include "view_internal.h"

enum { PLACES = 4096, NEARLY_FULL = PLACES / 4 * 3, OWNER_BYTES = 256 };

struct place {
	int64_t programme, day, status, count; /* count 0: free */
};

struct owner {
	int64_t programme, at_ms;
	char name[OWNER_BYTES];
};

struct counts {
	struct place places[PLACES];
	size_t used;
	struct owner *owners;
	size_t owner_count, owner_room;
};

struct counts *counts_open(void)
{
	struct counts *counts = calloc(1, sizeof(*counts));

	if (!counts)
		abort();
	return counts;
}

void counts_close(struct counts **counts_address)
{
	struct counts *counts = *counts_address;

	if (!counts)
		return;
	*counts_address = NULL;
	free(counts->owners);
	free(counts);
}

static void add(struct counts *counts, int64_t programme, int64_t day, int64_t status)
{
	uint64_t hash = (uint64_t)programme * 31 + (uint64_t)day * STATUS_COUNT + (uint64_t)status;
	struct place *place;

	for (hash *= UINT64_C(0x9e3779b97f4a7c15), hash >>= 32;; hash++) {
		place = &counts->places[hash % PLACES];
		if (!place->count)
			break;
		if (place->programme == programme && place->day == day && place->status == status) {
			place->count++;
			return;
		}
	}
	*place = (struct place){programme, day, status, 1};
	counts->used++;
}

/* The newest outcome says whose programme it is; of one instant the greater name does. */
static void note_owner(struct counts *counts, int64_t programme, int64_t at_ms, const char *name)
{
	size_t i = 0;

	while (i < counts->owner_count && counts->owners[i].programme != programme)
		i++;
	if (i == counts->owner_count) {
		if (counts->owner_count == counts->owner_room) {
			counts->owner_room = counts->owner_room ? 2 * counts->owner_room : 64;
			counts->owners =
			    realloc(counts->owners, counts->owner_room * sizeof(*counts->owners));
			if (!counts->owners)
				abort();
		}
		counts->owners[counts->owner_count++] = (struct owner){programme, INT64_MIN, ""};
	}
	if (at_ms < counts->owners[i].at_ms ||
	    (at_ms == counts->owners[i].at_ms && strcmp(name, counts->owners[i].name) <= 0))
		return;
	counts->owners[i].at_ms = at_ms;
	strncpy(counts->owners[i].name, name, OWNER_BYTES - 1);
}

void counts_note(struct view *view, const Nurture__V1__Outcome *outcome, int status)
{
	int64_t programme = number_of_text(view, outcome->programme);
	int64_t at_ms = (int64_t)outcome->at_ms;

	if (view->counts->used >= NEARLY_FULL)
		counts_write(view);
	add(view->counts, programme, at_ms / DAY_MS, status);
	note_owner(view->counts, programme, at_ms, outcome->owner);
}

void counts_write(struct view *view)
{
	struct counts *counts = view->counts;

	for (size_t i = 0; i < PLACES && counts->used; i++)
		if (counts->places[i].count)
			sql_do(view->sql,
			       "INSERT INTO day VALUES(?,?,?,?) ON CONFLICT(day,programme,status)"
			       " DO UPDATE SET count=count+excluded.count",
			       "iiii", counts->places[i].programme, counts->places[i].day,
			       counts->places[i].status, counts->places[i].count);
	for (size_t i = 0; i < counts->owner_count; i++)
		sql_do(view->sql,
		       "INSERT INTO programme VALUES(?,?,?) ON CONFLICT(programme) DO UPDATE"
		       " SET at=excluded.at, owner=excluded.owner"
		       " WHERE excluded.at>at OR (excluded.at=at AND excluded.owner>owner)",
		       "iit", counts->owners[i].programme, counts->owners[i].at_ms,
		       counts->owners[i].name);
	if (counts->used)
		memset(counts->places, 0, sizeof(counts->places));
	counts->used = counts->owner_count = 0;
}
