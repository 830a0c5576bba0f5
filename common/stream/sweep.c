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

void sweep_list(struct sweep *sweep, struct slice customer)
{
	uint64_t place = sweep_place(customer);

	if (place >= sweep->checkpoint.left || customer.len == 0 || customer.bytes[0] == '\0')
		return; /* the customer has had a turn already, or the key is one of our own */
	if (sweep->count == sweep->room) {
		sweep->room = sweep->room ? 2 * sweep->room : 256;
		sweep->customers =
		    realloc(sweep->customers, sweep->room * sizeof(*sweep->customers));
		if (!sweep->customers)
			abort();
	}
	sweep->customers[sweep->count++] = (struct sweep_customer){
	    place, slice_of(arena_copy(&sweep->names, customer.bytes, customer.len), customer.len)};
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

void sweep_list_end(struct sweep *sweep)
{
	size_t kept = 0;

	if (sweep->count)
		qsort(sweep->customers, sweep->count, sizeof(*sweep->customers), compare);
	for (size_t i = 0; i < sweep->count; i++)
		if (kept == 0 ||
		    !slice_equal(sweep->customers[kept - 1].id, sweep->customers[i].id))
			sweep->customers[kept++] = sweep->customers[i];
	sweep->count = kept;
	sweep->listed = true;
}

void sweep_unlist(struct sweep *sweep)
{
	free(sweep->customers);
	sweep->customers = NULL;
	sweep->count = sweep->room = sweep->taken = 0;
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
		sweep->left_after = 0;
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

	sweep->began = false;
	sweep->total += (int64_t)sweep->taken;
	sweep->count -= sweep->taken;
	sweep->taken = 0;
	if (ended)
		sweep_unlist(sweep);
	return ended;
}

void sweep_clear(struct sweep *sweep)
{
	sweep_unlist(sweep);
	*sweep = (struct sweep){0};
}
