/* seen.c - see seen.h. */
#include "seen.h"

#include "common/base/civil.h"

/* Seven days, and the hour that rounding may take. */
enum { KEPT_HOURS = 7 * 24 + 1 };

bool seg_seen_has(const struct seg_profile *profile, uint64_t hash)
{
	for (unsigned i = profile->seen_count; i-- > 0;)
		if (profile->seen[i].hash == hash)
			return true;
	return false;
}

static int32_t hour_of(int64_t time_ms)
{
	int64_t hour = time_ms / HOUR_MS;

	return (int32_t)(time_ms < hour * HOUR_MS ? hour - 1 : hour);
}

static bool is_before(struct seg_seen a, struct seg_seen b)
{
	return a.hour != b.hour ? a.hour < b.hour : a.hash < b.hash;
}

static unsigned surplus(const struct seg_profile *profile)
{
	int32_t newest = profile->seen[profile->seen_count - 1].hour;
	unsigned count = profile->seen_count, drop = 0;

	while (count - drop > SEG_EVENTS_KEPT &&
	       (count - drop > SEG_EVENTS_MAX || profile->seen[drop].hour < newest - KEPT_HOURS))
		drop++;
	return drop;
}

void seg_seen_add(struct seg_profile *profile, uint64_t hash, int64_t time_ms)
{
	struct seg_seen seen = {.hash = hash, .hour = hour_of(time_ms)};
	unsigned at = profile->seen_count, drop;

	while (at > 0 && is_before(seen, profile->seen[at - 1]))
		at--;
	profile->seen = seg_list_open(profile->arena, profile->seen, profile->seen_count,
				      &profile->seen_room, sizeof(seen), at);
	profile->seen[at] = seen;
	profile->seen_count++;
	drop = surplus(profile);
	profile->seen += drop;
	profile->seen_count -= drop;
	profile->seen_room -= drop;
}
