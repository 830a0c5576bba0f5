/* heal.c - see heal.h.  Nearly always there is nothing to do, and nothing is moved. */
#include "heal.h"

#include <string.h>

#include "common/base/civil.h"

/*
 * Caps a time at the limit; true when it was later. It then counts as said just before, so that
 * what arrives now holds against it.
 */
static bool cap(int64_t *time_ms, int64_t limit_ms)
{
	if (*time_ms <= limit_ms)
		return false;
	*time_ms = limit_ms - 1;
	return true;
}

/* Sorts the few that have changed their place into a list that was sorted before. */
#define SORT(list, count, type, is_before)                                                         \
	for (unsigned i_ = 1; i_ < (count); i_++) {                                                \
		type item_ = (list)[i_];                                                           \
		unsigned at_ = i_;                                                                 \
		for (; at_ > 0 && is_before(&item_, &(list)[at_ - 1]); at_--)                      \
			(list)[at_] = (list)[at_ - 1];                                             \
		(list)[at_] = item_;                                                               \
	}

static bool order_is_before(const struct seg_order *a, const struct seg_order *b)
{
	return a->time_ms != b->time_ms ? a->time_ms < b->time_ms : strcmp(a->id, b->id) < 0;
}

static void heal_orders(struct seg_profile *profile, int64_t limit_ms)
{
	bool moved = false;

	for (unsigned i = 0; i < profile->order_count; i++) {
		struct seg_order *order = &profile->orders[i];

		moved |= cap(&order->time_ms, limit_ms);
		cap(&order->delivered_ms, limit_ms);
		cap(&order->late_ms, limit_ms);
		cap(&order->gone_ms, limit_ms);
		cap(&order->amount_ms, limit_ms);
		cap(&order->items_ms, limit_ms);
		cap(&order->amount_ms, limit_ms);
		cap(&order->items_ms, limit_ms);
		/*
		 * The order may take place on any day, but nobody can have said so later than now.
		 */
		for (unsigned d = 0; d < SEG_ORDER_DATES; d++)
			cap(&order->dates[d].told_ms, limit_ms);
	}
	if (moved)
		SORT(profile->orders, profile->order_count, struct seg_order, order_is_before)
	cap(&profile->older.first_ms, limit_ms);
	cap(&profile->older.last_ms, limit_ms);
	for (unsigned i = 0; i < profile->category_count; i++)
		cap(&profile->categories[i].older_ms, limit_ms);
}

static bool address_is_before(const struct seg_address *a, const struct seg_address *b)
{
	return a->last_ms != b->last_ms ? a->last_ms < b->last_ms : strcmp(a->text, b->text) < 0;
}

static void heal_person(struct seg_profile *profile, int64_t limit_ms)
{
	bool moved = false;

	for (unsigned i = 0; i < profile->address_count; i++) {
		moved |= cap(&profile->addresses[i].last_ms, limit_ms);
		cap(&profile->addresses[i].first_ms, limit_ms);
	}
	if (moved)
		SORT(profile->addresses, profile->address_count, struct seg_address,
		     address_is_before)
	for (unsigned i = 0; i < SEG_ATTRIBUTE_COUNT; i++)
		cap(&profile->attributes[i].time_ms, limit_ms);
	for (unsigned i = 0; i < profile->consent_count; i++)
		cap(&profile->consents[i].time_ms, limit_ms);
	cap(&profile->preferences.time_ms, limit_ms);
	cap(&profile->bounced_ms, limit_ms);
	cap(&profile->merged_ms, limit_ms);
	cap(&profile->erased_ms, limit_ms);
	cap(&profile->live_from_ms, limit_ms);
	for (unsigned i = 0; i < profile->soft_bounce_count; i++)
		cap(&profile->soft_bounces_ms[i], limit_ms);
	for (unsigned i = 0; i < profile->case_count; i++) {
		cap(&profile->cases[i].opened_ms, limit_ms);
		cap(&profile->cases[i].closed_ms, limit_ms);
	}
}

static bool moment_is_before(const int64_t *a, const int64_t *b)
{
	return *a < *b;
}

/* Half minutes, odd for a click. */
static void heal_moments(struct seg_profile *profile, int64_t limit_ms)
{
	int64_t limit = limit_ms / MINUTE_MS * 2;
	unsigned count = profile->moment_count;

	if (count == 0 || profile->moments[count - 1] <= limit + 1)
		return;
	for (unsigned i = 0; i < count; i++)
		if (profile->moments[i] > limit + 1)
			profile->moments[i] = limit + (profile->moments[i] & 1);
	SORT(profile->moments, count, int64_t, moment_is_before)
}

static bool entry_is_before(const struct seg_dedup_entry *a, const struct seg_dedup_entry *b)
{
	return a->minute != b->minute ? a->minute < b->minute : a->hash < b->hash;
}

static void heal_dedup(struct seg_dedup *known, int64_t limit_ms)
{
	int64_t limit = limit_ms / MINUTE_MS;
	unsigned count = known->count;

	/* What arrives now must not be taken for a repeat of something forgotten. */
	if (known->floor >= limit)
		known->floor = limit - 1;
	if (count == 0 || known->items[count - 1].minute <= limit)
		return;
	for (unsigned i = 0; i < count; i++)
		if (known->items[i].minute > limit)
			known->items[i].minute = limit;
	SORT(known->items, count, struct seg_dedup_entry, entry_is_before)
}

/* The end of the last request moves along: it is a fixed time after it was set off. */
static void heal_memories(struct seg_profile *profile, int64_t limit_ms)
{
	for (unsigned i = 0; i < profile->memory_count; i++) {
		struct seg_memory *memory = &profile->memories[i];
		int64_t was_ms = memory->last_ms;

		if (cap(&memory->last_ms, limit_ms) && memory->expires_ms != SEG_NEVER)
			memory->expires_ms -= was_ms - memory->last_ms;
	}
}

void seg_profile_heal(struct seg_profile *profile, int64_t arrived_ms)
{
	heal_orders(profile, arrived_ms);
	heal_person(profile, arrived_ms);
	heal_moments(profile, arrived_ms);
	heal_dedup(&profile->events, arrived_ms);
	heal_dedup(&profile->facts, arrived_ms);
	heal_memories(profile, arrived_ms);
}
