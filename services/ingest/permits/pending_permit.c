/* pending_permit.c - see pending_permit.h. */
#include "pending_permit.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"

static char *copy(const char *text)
{
	char *ret = strdup(text);

	if (!ret)
		abort();
	return ret;
}

struct ing_pending_permit *ing_pending_permit_new(const char *id, const char *name,
						  const char *customer)
{
	struct ing_pending_permit *pending = calloc(1, sizeof(*pending));

	if (!pending)
		abort();
	pending->id = copy(id);
	pending->name = copy(name);
	pending->customer = copy(customer);
	atomic_init(&pending->references, 1);
	return pending;
}

bool ing_pending_permit_release(struct ing_pending_permit *pending)
{
	if (atomic_fetch_sub(&pending->references, 1) > 1)
		return false;
	free(pending->id);
	free(pending->name);
	free(pending->customer);
	free(pending);
	return true;
}

static size_t bucket_of(const char *name)
{
	return hash64(slice_text(name)) % ING_PENDING_PERMIT_BUCKETS;
}

void ing_pending_permits_enter(struct ing_pending_permits *table,
			       struct ing_pending_permit *pending)
{
	struct ing_pending_permit **bucket = &table->buckets[bucket_of(pending->name)];

	atomic_fetch_add(&pending->references, 1);
	pending->waits = true;
	pending->next_in_bucket = *bucket;
	*bucket = pending;
	pending->older = table->newest;
	pending->newer = NULL;
	if (table->newest)
		table->newest->newer = pending;
	else
		table->oldest = pending;
	table->newest = pending;
	table->count++;
}

bool ing_pending_permits_take(struct ing_pending_permits *table, struct ing_pending_permit *pending)
{
	struct ing_pending_permit **at = &table->buckets[bucket_of(pending->name)];

	if (!pending->waits)
		return false;
	while (*at != pending)
		at = &(*at)->next_in_bucket;
	*at = pending->next_in_bucket;
	*(pending->older ? &pending->older->newer : &table->oldest) = pending->newer;
	*(pending->newer ? &pending->newer->older : &table->newest) = pending->older;
	pending->waits = false;
	table->count--;
	return true;
}

struct ing_pending_permit *ing_pending_permits_find(const struct ing_pending_permits *table,
						    const char *name, const char *customer)
{
	struct ing_pending_permit *pending = table->buckets[bucket_of(name)];

	while (pending &&
	       (strcmp(pending->name, name) != 0 || strcmp(pending->customer, customer) != 0))
		pending = pending->next_in_bucket;
	return pending;
}
