/* sweep.c - see sweep.h. */
#include "sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"

uint64_t sweep_place(struct slice customer)
{
	return hash64(customer) >> 32;
}

bool sweep_open(struct sweep *sweep, const char *version, bool empty, int64_t now_ms)
{
	if (strcmp(sweep->checkpoint.version, version) == 0)
		return false;
	snprintf(sweep->checkpoint.version, sizeof(sweep->checkpoint.version), "%s", version);
	sweep->checkpoint.since_ms = now_ms;
	sweep->checkpoint.left = empty ? 0 : SWEEP_ALL;
	sweep->began = !empty;
	return !empty;
}

static int compare(const void *a, const void *b)
{
	const struct sweep_customer *one = a, *other = b;
	size_t len = one->id.len < other->id.len ? one->id.len : other->id.len;
	int order;

	if (one->place != other->place)
		return one->place < other->place ? -1 : 1;
	order = memcmp(one->id.bytes, other->id.bytes, len);
	return order ? order : (one->id.len > other->id.len) - (one->id.len < other->id.len);
}

/* Puts the names in order; pages may repeat some. */
static void sort(struct sweep *sweep)
{
	size_t kept = 0;

	if (sweep->count)
		qsort(sweep->customers, sweep->count, sizeof(*sweep->customers), compare);
	for (size_t i = 0; i < sweep->count; i++)
		if (kept == 0 ||
		    !slice_equal(sweep->customers[kept - 1].id, sweep->customers[i].id))
			sweep->customers[kept++] = sweep->customers[i];
	sweep->count = kept;
}

/* Keeps the highest places, all of an equal place. */
static void prune(struct sweep *sweep)
{
	struct arena names = sweep->names;
	size_t first;

	sort(sweep);
	if (sweep->count <= sweep->most)
		return;
	first = sweep->count - sweep->most;
	while (first > 0 && sweep->customers[first - 1].place == sweep->customers[first].place)
		first--;
	sweep->floor = sweep->customers[first].place;
	sweep->count -= first;
	memmove(sweep->customers, sweep->customers + first,
		sweep->count * sizeof(*sweep->customers));
	sweep->names = (struct arena){0};
	for (size_t i = 0; i < sweep->count; i++) {
		struct slice *id = &sweep->customers[i].id;

		id->bytes = (const void *)arena_copy(&sweep->names, id->bytes, id->len);
	}
	arena_free(&names);
}

static void make_room(struct sweep *sweep)
{
	if (sweep->count >= 2 * sweep->most)
		prune(sweep);
	if (sweep->count < sweep->room)
		return;
	sweep->room = sweep->room ? 2 * sweep->room : 256;
	sweep->customers = realloc(sweep->customers, sweep->room * sizeof(*sweep->customers));
	if (!sweep->customers)
		abort();
}

void sweep_list_begin(struct sweep *sweep, size_t most)
{
	sweep_unlist(sweep);
	sweep->most = most;
}

void sweep_list(struct sweep *sweep, struct slice customer)
{
	uint64_t place = sweep_place(customer);

	if (place >= sweep->checkpoint.left || customer.len == 0 || customer.bytes[0] == '\0')
		return; /* the customer has had a turn already, or the key is one of our own */
	make_room(sweep);
	if (place < sweep->floor)
		return;
	sweep->customers[sweep->count++] = (struct sweep_customer){
	    place, slice_of(arena_copy(&sweep->names, customer.bytes, customer.len), customer.len)};
}

void sweep_list_end(struct sweep *sweep)
{
	prune(sweep);
	sweep->listed = true;
}

void sweep_unlist(struct sweep *sweep)
{
	free(sweep->customers);
	sweep->customers = NULL;
	sweep->count = sweep->room = sweep->taken = 0;
	sweep->floor = 0;
	sweep->cursor[0] = '\0';
	arena_free(&sweep->names);
	sweep->listed = false;
}

/* Returns the lowest place whose turn has come by now. */
static uint64_t turn_of(const struct sweep *sweep, int64_t now_ms)
{
	int64_t elapsed_ms = now_ms - sweep->checkpoint.since_ms;

	if (elapsed_ms >= SWEEP_SPREAD_MS)
		return 0;
	if (elapsed_ms < 0) /* the clock was set back */
		return SWEEP_ALL;
	return SWEEP_ALL - SWEEP_ALL / SWEEP_SPREAD_MS * (uint64_t)elapsed_ms;
}

bool sweep_take(struct sweep *sweep, bool at_once, int64_t now_ms, size_t max)
{
	const struct sweep_customer *customers = sweep->customers;
	uint64_t turn = at_once ? 0 : turn_of(sweep, now_ms);
	size_t taken = 0;

	sweep_take_none(sweep);
	if (sweep->checkpoint.left == 0 || !sweep->listed)
		return false;
	for (; taken < sweep->count; taken++) {
		uint64_t place = customers[sweep->count - 1 - taken].place;

		if (place < turn || (taken >= max && place != sweep->left_after))
			break;
		sweep->left_after = place;
	}
	sweep->taken = taken;
	if (taken == sweep->count)
		sweep->left_after = sweep->floor;
	return sweep->began || taken > 0 || sweep->left_after == 0;
}

void sweep_take_none(struct sweep *sweep)
{
	sweep->taken = 0;
	sweep->left_after = sweep->checkpoint.left;
}

struct slice sweep_taken(const struct sweep *sweep, size_t i)
{
	return sweep->customers[sweep->count - 1 - i].id;
}

void sweep_advance(struct sweep *sweep)
{
	sweep->checkpoint.left = sweep->left_after;
}

bool sweep_forget(struct sweep *sweep)
{
	bool ended = sweep->listed && sweep->checkpoint.left == 0;
	bool is_through = sweep->listed && sweep->checkpoint.left <= sweep->floor;

	sweep->began = false;
	sweep->total += (int64_t)sweep->taken;
	sweep->count -= sweep->taken;
	sweep->taken = 0;
	if (is_through)
		sweep_unlist(sweep);
	return ended;
}

void sweep_clear(struct sweep *sweep)
{
	sweep_unlist(sweep);
	*sweep = (struct sweep){0};
}
