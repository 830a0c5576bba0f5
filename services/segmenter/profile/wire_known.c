/*
 * wire_known.c - see wire_parts.h: by what an event is known again, and what a forgotten person left.
 */
#include "erasure.h"
#include "wire_parts.h"

#define ENTRY struct seg_dedup_entry
static uint64_t minute_of_hour(const void *entry)
{
	int64_t minute = ((const struct seg_dedup_entry *)entry)->minute % 60;

	return (uint64_t)(minute < 0 ? minute + 60 : minute);
}

static bool add_minute_of_hour(void *entry, uint64_t minute)
{
	((struct seg_dedup_entry *)entry)->minute += (int64_t)(minute % 60);
	return true;
}

static const struct column event_columns[] = {
    COLUMN(HASH, event_hash, hash), COLUMN(HOURS, event_hour, minute),
    COLUMN_BY(event_minute, minute_of_hour, add_minute_of_hour), /* of that hour */
};
static const struct column fact_columns[] = {
    COLUMN(HASH, fact_hash, hash),
    COLUMN(MINUTES, fact_minute, minute),
};

#undef ENTRY
#define ENTRY struct seg_ahead
static const struct column ahead_columns[] = {
    COLUMN(HASH, ahead_hash, hash),
    COLUMN(STEPS, ahead_ms, claimed_ms),
};

static bool read_set(const Nurture__V1__Profile *from, const struct column *columns,
		     size_t column_count, size_t count, int64_t floor_since, struct seg_profile *to,
		     struct seg_dedup *ret)
{
	int64_t floor = seg_of_since(floor_since, 0);

	ret->count = (unsigned)count;
	ret->room = ret->count + 1;
	ret->items = arena_zalloc(to->arena, ret->room * sizeof(*ret->items));
	ret->floor = floor == SEG_NEVER ? SEG_NO_FLOOR : floor;
	return (floor == SEG_NEVER || seg_is_minute(floor)) &&
	       seg_columns_read(from, columns, column_count, ENTRIES(ret->items, ret->count));
}

/* Bodies came later than ids: none at all are not known. */
static bool read_bodies(const Nurture__V1__Profile *from, struct seg_dedup *events)
{
	if (from->n_event_body && from->n_event_body != events->count)
		return false;
	for (size_t i = 0; i < from->n_event_body; i++)
		events->items[i].body = from->event_body[i];
	return true;
}

static bool ahead_ascends(const struct seg_profile *profile)
{
	for (unsigned i = 1; i < profile->ahead_count; i++)
		if (profile->ahead[i].claimed_ms < profile->ahead[i - 1].claimed_ms)
			return false;
	return true;
}

static int read_erasure(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err)
{
	to->live_from_ms = seg_of_since(from->live_from_ms, 0);
	if (!seg_is_time_or_never(to->live_from_ms))
		return wire_bad(err, "a beginning that cannot be");
	to->erased_ms = seg_of_since(from->erased_ms, 0);
	if (from->n_ahead_hash > SEG_AHEAD_MAX || from->n_erased_hash > SEG_ERASED_HASHES_MAX ||
	    (to->erased_ms != SEG_NEVER &&
	     !(seg_is_time(to->erased_ms) && seg_is_time(seg_erasure_end_ms(to)))))
		return wire_bad(err, "an erasure that cannot be");
	to->ahead_count = (unsigned)from->n_ahead_hash;
	to->erased_hash_count = (unsigned)from->n_erased_hash;
	for (unsigned i = 0; i < to->erased_hash_count; i++)
		to->erased_hashes[i] = from->erased_hash[i];
	if (!seg_columns_read(from, TABLE(ahead_columns), ENTRIES(to->ahead, to->ahead_count)) ||
	    !ahead_ascends(to))
		return wire_bad(err, "an event ahead with a time that cannot be");
	return 0;
}

int wire_read_known(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err)
{
	if (from->n_event_hash > SEG_EVENTS_MAX)
		return wire_bad(err, "more events than are kept");
	if (!read_set(from, TABLE(event_columns), from->n_event_hash, from->event_floor, to,
		      &to->events) ||
	    !read_bodies(from, &to->events))
		return wire_bad(err, "an event with a time that cannot be");
	if (from->n_fact_hash > SEG_FACTS_MAX)
		return wire_bad(err, "more facts than are kept");
	if (!read_set(from, TABLE(fact_columns), from->n_fact_hash, from->fact_floor, to,
		      &to->facts))
		return wire_bad(err, "a fact with a time that cannot be");
	return read_erasure(from, to, err);
}

static int64_t floor_since(const struct seg_dedup *set)
{
	return set->floor == SEG_NO_FLOOR ? 0 : seg_to_since(set->floor, 0);
}

void wire_write_known(const struct seg_profile *from, Nurture__V1__Profile *to)
{
	const struct seg_dedup *events = &from->events, *facts = &from->facts;

	seg_columns_write(ENTRIES(events->items, events->count), TABLE(event_columns), from->arena,
			  to);
	to->event_body = arena_alloc(from->arena, events->count * sizeof(*to->event_body));
	for (unsigned i = 0; i < events->count; i++)
		to->event_body[to->n_event_body++] = events->items[i].body;
	to->event_floor = floor_since(events);
	seg_columns_write(ENTRIES(facts->items, facts->count), TABLE(fact_columns), from->arena,
			  to);
	to->fact_floor = floor_since(facts);
	to->live_from_ms = seg_to_since(from->live_from_ms, 0);
	to->erased_ms = seg_to_since(from->erased_ms, 0);
	seg_columns_write(ENTRIES((struct seg_ahead *)from->ahead, from->ahead_count),
			  TABLE(ahead_columns), from->arena, to);
	to->erased_hash = (uint64_t *)from->erased_hashes;
	to->n_erased_hash = from->erased_hash_count;
}
