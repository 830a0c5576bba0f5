/* merges.c - see merges.h.  Pure. */
#include "merges.h"

#include <string.h>

#include "common/policy/event_type.h"

static const struct merge *find(const struct merges *merges, const char *from)
{
	size_t low = 0, high = merges->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(from, merges->items[middle].from);

		if (order == 0)
			return &merges->items[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Where the circle that the merge is part of lives. */
static const char *of_circle(const struct merges *merges, const struct merge *first)
{
	const struct merge *newest = first;

	for (const struct merge *at = find(merges, first->into); at && at != first;
	     at = find(merges, at->into))
		if (at->time_ms > newest->time_ms ||
		    (at->time_ms == newest->time_ms && strcmp(at->from, newest->from) < 0))
			newest = at;
	return newest->into;
}

/* Where what is of that time goes; INT64_MAX: whatever was erased. */
static const char *living_at(const struct merges *merges, const char *id, int64_t time_ms)
{
	const struct merge *at = merges ? find(merges, id) : NULL;

	/* As many steps as there are merges lead out of every chain, or into a circle. */
	for (size_t steps = 0; at && time_ms > at->erased_ms; steps++, at = find(merges, id)) {
		if (steps > merges->count)
			return of_circle(merges, at);
		id = at->into;
	}
	return id;
}

const char *merges_living(const struct merges *merges, const char *id)
{
	return living_at(merges, id, INT64_MAX);
}

bool merges_apply(const struct merges *merges, Nurture__V1__Event *event)
{
	const char *living = living_at(merges, event->customer->id, event->time_ms);
	bool is_merge = merges && event_type_is(event->type, EVENT_CUSTOMER_MERGED);

	if (!is_merge && strcmp(living, event->customer->id) == 0)
		return false;
	event->customer->id = (char *)living;
	if (is_merge) {
		event->type = event_type_text(EVENT_CUSTOMER_UPDATED);
		event->merge = NULL;
	}
	return true;
}
