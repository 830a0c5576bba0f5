/* categories.c - see categories.h. */
#include "categories.h"

#include <string.h>

#include "orders.h"

/* The place at which the name stands, or would stand. */
static unsigned place_of(const struct seg_profile *profile, const char *name, bool *ret_found)
{
	unsigned low = 0, high = profile->category_count;

	*ret_found = false;
	while (low < high && !*ret_found) {
		unsigned middle = (low + high) / 2;
		int order = strcmp(name, profile->categories[middle].name);

		if (order > 0) {
			low = middle + 1;
		} else {
			high = middle;
			*ret_found = order == 0;
		}
	}
	return *ret_found ? high : low;
}

int seg_category_find(const struct seg_profile *profile, const char *name)
{
	bool found;
	unsigned at = place_of(profile, name, &found);

	return found ? (int)at : -1;
}

static uint64_t below(unsigned at)
{
	return (UINT64_C(1) << at) - 1;
}

/* Removes place `at` from a set: the places behind it move down by one. */
static uint64_t without(uint64_t set, unsigned at)
{
	return (set & below(at)) | (set >> at >> 1 << at);
}

/* Opens a gap at place `at` in a set: the places from there on move up by one. */
static uint64_t with_gap(uint64_t set, unsigned at)
{
	return (set & below(at)) | (set >> at << at << 1);
}

static void drop(struct seg_profile *profile, unsigned at)
{
	seg_list_close(profile->categories, profile->category_count--, sizeof(*profile->categories),
		       at);
	for (unsigned i = 0; i < profile->order_count; i++) {
		struct seg_order *order = &profile->orders[i];

		order->categories = without(order->categories, at);
		order->returned = without(order->returned, at);
		if (order->top == at + 1)
			order->top = 0;
		else if (order->top > at + 1)
			order->top--;
	}
}

static void insert(struct seg_profile *profile, const char *name, unsigned at)
{
	profile->categories =
	    seg_list_open(profile->arena, profile->categories, profile->category_count,
			  &profile->category_room, sizeof(*profile->categories), at);
	profile->categories[at] = (struct seg_category){name, SEG_NEVER};
	profile->category_count++;
	for (unsigned i = 0; i < profile->order_count; i++) {
		struct seg_order *order = &profile->orders[i];

		order->categories = with_gap(order->categories, at);
		order->returned = with_gap(order->returned, at);
		if (order->top > at)
			order->top++;
	}
}

static void newest_orders(const struct seg_profile *profile, bool also_gone, int64_t *ret_ms)
{
	for (unsigned i = 0; i < profile->category_count; i++)
		ret_ms[i] = profile->categories[i].older_ms;
	for (unsigned i = 0; i < profile->order_count; i++) {
		const struct seg_order *order = &profile->orders[i];
		uint64_t set = seg_order_is_kept(order) ? order->categories : 0;

		if (also_gone)
			set = order->categories | order->returned;
		for (; set; set &= set - 1) {
			int at = __builtin_ctzll(set);

			ret_ms[at] = seg_max(ret_ms[at], order->time_ms);
		}
	}
}

void seg_categories_bought(const struct seg_profile *profile, int64_t ret_ms[SEG_CATEGORIES_MAX])
{
	newest_orders(profile, false, ret_ms);
}

/* Returns the category that was bought longest ago; of several at one instant, the last by name. */
static unsigned oldest(const struct seg_profile *profile, int64_t *ret_ms)
{
	int64_t newest_ms[SEG_CATEGORIES_MAX];
	unsigned victim = 0;

	newest_orders(profile, true, newest_ms);
	for (unsigned i = 1; i < profile->category_count; i++)
		if (newest_ms[i] <= newest_ms[victim])
			victim = i;
	*ret_ms = newest_ms[victim];
	return victim;
}

int seg_category_add(struct seg_profile *profile, const char *name, int64_t time_ms)
{
	bool found;
	unsigned at = place_of(profile, name, &found);

	if (found)
		return (int)at;
	if (profile->category_count == SEG_CATEGORIES_MAX) {
		int64_t victim_ms;
		unsigned victim = oldest(profile, &victim_ms);

		if (victim_ms > time_ms || (victim_ms == time_ms && victim < at))
			return -1;
		drop(profile, victim);
		at = place_of(profile, name, &found);
	}
	insert(profile, name, at);
	return (int)at;
}

void seg_categories_prune(struct seg_profile *profile)
{
	uint64_t used = 0;

	for (unsigned i = 0; i < profile->order_count; i++)
		used |= profile->orders[i].categories | profile->orders[i].returned;
	for (unsigned i = profile->category_count; i-- > 0;)
		if (!(used >> i & 1) && profile->categories[i].older_ms == SEG_NEVER)
			drop(profile, i);
}
