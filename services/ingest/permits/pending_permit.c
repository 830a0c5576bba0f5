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

struct ing_errand *ing_errand_new(const char *id, const char *name, const char *customer)
{
	struct ing_errand *errand = calloc(1, sizeof(*errand));

	if (!errand)
		abort();
	errand->id = copy(id);
	errand->name = copy(name);
	errand->customer = copy(customer);
	atomic_init(&errand->holders, 1);
	return errand;
}

bool ing_errand_release(struct ing_errand *errand)
{
	if (atomic_fetch_sub(&errand->holders, 1) > 1)
		return false;
	free(errand->id);
	free(errand->name);
	free(errand->customer);
	free(errand);
	return true;
}

static size_t bucket_of(const char *name)
{
	return hash64(slice_text(name)) % ING_ERRAND_BUCKETS;
}

void ing_errands_enter(struct ing_errands *errands, struct ing_errand *errand)
{
	struct ing_errand **bucket = &errands->buckets[bucket_of(errand->name)];

	atomic_fetch_add(&errand->holders, 1);
	errand->waits = true;
	errand->next_in_bucket = *bucket;
	*bucket = errand;
	errand->older = errands->newest;
	errand->newer = NULL;
	if (errands->newest)
		errands->newest->newer = errand;
	else
		errands->oldest = errand;
	errands->newest = errand;
	errands->count++;
}

bool ing_errands_take(struct ing_errands *errands, struct ing_errand *errand)
{
	struct ing_errand **at = &errands->buckets[bucket_of(errand->name)];

	if (!errand->waits)
		return false;
	while (*at != errand)
		at = &(*at)->next_in_bucket;
	*at = errand->next_in_bucket;
	*(errand->older ? &errand->older->newer : &errands->oldest) = errand->newer;
	*(errand->newer ? &errand->newer->older : &errands->newest) = errand->older;
	errand->waits = false;
	errands->count--;
	return true;
}

struct ing_errand *ing_errands_find(const struct ing_errands *errands, const char *name,
				    const char *customer)
{
	struct ing_errand *errand = errands->buckets[bucket_of(name)];

	while (errand &&
	       (strcmp(errand->name, name) != 0 || strcmp(errand->customer, customer) != 0))
		errand = errand->next_in_bucket;
	return errand;
}
