/*
 * reference_night.c - sections 3.4 and 3.5: what the clock on the wall says,
 * minute by minute.
 *
 * Offsets from UTC are whole minutes in our time, so a walk from minute to
 * minute misses nothing.  Answers to the same question are kept, or a million
 * cases would take a day.
 */
#include <string.h>

#include "reference.h"

enum { ZONES_MAX = 8, KEPT = 1024, NEVER_KEPT = 8, OFFSETS_KEPT = 1 << 16 };
#define SLOT_MS (15 * MINUTE_MS)
#define WALK_MAX_MS (400 * DAY_MS)

static struct kept {
	int64_t from_ms, open_ms;
	int keeps_night, from_min, to_min;
	bool is_kept;
} kept[KEPT], nevers[NEVER_KEPT];
static unsigned never_count;

static struct common_day {
	int64_t day;
	int from_min, to_min;
	bool is_kept, is_common;
} common_days[KEPT];

/* Of the zone when it is known, else the country's, else the shop's. */
static struct whereabouts {
	bool is_known;
	const struct zone *zones[ZONES_MAX];
	size_t count;
	const struct zone *home; /* the one that windows are asked of */
} where;

void ref_forget_nights(void)
{
	where.is_known = false;
	never_count = 0;
	memset(kept, 0, sizeof(kept));
	memset(common_days, 0, sizeof(common_days));
}

/* No clock of these years changes in between two quarters of an hour UTC. */
static int64_t offset_ms(const struct zone *zone, int64_t at_ms)
{
	static struct {
		const struct zone *zone;
		int64_t slot, offset_ms;
	} known[OFFSETS_KEPT];
	int64_t slot = at_ms / SLOT_MS;
	unsigned place = (unsigned)((uint64_t)slot + (uintptr_t)zone / 64 * 7919) % OFFSETS_KEPT;

	if (known[place].zone != zone || known[place].slot != slot) {
		known[place].zone = zone;
		known[place].slot = slot;
		known[place].offset_ms = zone_offset_s(zone, slot * SLOT_MS) * SECOND_MS;
	}
	return known[place].offset_ms;
}

static int64_t wall_ms(const struct zone *zone, int64_t at_ms)
{
	return (at_ms + offset_ms(zone, at_ms)) % DAY_MS;
}

static struct civil_date wall_date(const struct zone *zone, int64_t at_ms)
{
	return civil_from_days((at_ms + offset_ms(zone, at_ms)) / DAY_MS);
}

static void find_zones(const struct ref *ref)
{
	const struct policy *policy = ref->policy;

	where = (struct whereabouts){.is_known = true};
	where.home = zones_find(policy->zones, slice_text(ref->person.zone));
	if (!where.home)
		where.count = zones_of_country(policy->zones, slice_text(ref->person.country),
					       where.zones, ZONES_MAX);
	if (where.count == 0) {
		if (!where.home)
			where.home = policy->shop_zone;
		where.zones[where.count++] = where.home;
	}
	/* Where most people live, unless the shop is in the country. */
	for (size_t i = 0; i < where.count; i++)
		if (where.zones[i] == policy->shop_zone)
			where.home = policy->shop_zone;
	if (!where.home)
		where.home = where.count == 1
				 ? where.zones[0]
				 : zones_find(policy->zones, slice_text("America/New_York"));
}

static const struct whereabouts *whereabouts(const struct ref *ref)
{
	if (!where.is_known)
		find_zones(ref);
	return &where;
}

static bool is_quiet_day(const struct policy *policy, const struct zone *zone, int64_t at_ms)
{
	struct civil_date date;
	int weekday;

	if (policy->quiet_day_count == 0)
		return false;
	date = wall_date(zone, at_ms);
	weekday = (int)((civil_days(date) + 3) % 7) + 1; /* 1970-01-01 was a Thursday */

	for (unsigned i = 0; i < policy->quiet_day_count; i++) {
		const struct quiet_day *day = &policy->quiet_days[i];

		switch (day->kind) {
		case QUIET_WEEKDAY:
			if (day->weekday == weekday)
				return true;
			break;
		case QUIET_DATE:
			if (day->year != date.year)
				break;
			/* fall through */
		case QUIET_YEARLY:
			if (day->month == date.month && day->day == date.day)
				return true;
			break;
		}
	}
	return false;
}

static bool is_quiet_hour(const struct quiet_hours *hours, int64_t ms_of_day)
{
	int64_t from_ms = hours->from_min * MINUTE_MS, to_ms = hours->to_min * MINUTE_MS;

	if (hours->off)
		return false;
	if (from_ms < to_ms)
		return from_ms <= ms_of_day && ms_of_day < to_ms;
	return ms_of_day >= from_ms || ms_of_day < to_ms;
}

static bool keeps_nights(const struct ref *ref, const struct ref_candidate *c)
{
	return c->ask->channel != CHANNEL_TASK && c->ask->message_class != CLASS_UNKNOWN &&
	       ref->policy->classes[c->ask->message_class].quiet_hours;
}

static bool inside(const struct send_window *window, int64_t ms_of_day)
{
	return window->from_min * MINUTE_MS <= ms_of_day && ms_of_day < window->to_min * MINUTE_MS;
}

static bool has_window(const struct ref_candidate *c)
{
	return c->ask->window.to_min != 0 && c->ask->channel == CHANNEL_EMAIL;
}

bool ref_outside_window(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms)
{
	const struct zone *home = whereabouts(ref)->home;
	int64_t ms_of_day = wall_ms(home, at_ms);

	if (!has_window(c))
		return false;
	if (inside(&c->ask->window, ms_of_day))
		return false;
	/* As long after a gap as a local time that does not exist was inside it? */
	for (int64_t slot_ms = at_ms - at_ms % SLOT_MS; slot_ms > at_ms - 2 * HOUR_MS;
	     slot_ms -= SLOT_MS) {
		int64_t skipped_ms = offset_ms(home, slot_ms) - offset_ms(home, slot_ms - SLOT_MS);

		if (skipped_ms > 0)
			return at_ms - slot_ms >= skipped_ms ||
			       !inside(&c->ask->window, ms_of_day - skipped_ms);
	}
	return true;
}

/* Where every time that matters is on the quarter of an hour, so are all answers. */
static int64_t stride_ms(const struct ref *ref, const struct ref_candidate *c)
{
	const struct quiet_hours *hours = &ref->policy->quiet_hours;
	bool is_coarse = hours->from_min % 15 == 0 && hours->to_min % 15 == 0 &&
			 c->ask->window.from_min % 15 == 0 && c->ask->window.to_min % 15 == 0;

	return is_coarse ? 15 * MINUTE_MS : MINUTE_MS;
}

static bool is_quiet_in_any(const struct ref *ref, int64_t at_ms)
{
	const struct whereabouts *w = whereabouts(ref);

	for (size_t i = 0; i < w->count; i++) {
		if (is_quiet_hour(&ref->policy->quiet_hours, wall_ms(w->zones[i], at_ms)))
			return true;
	}
	return false;
}

/* Does the day of at_ms, as the home zone's calendar has it, leave some of the window to all? */
static bool day_has_common_window(const struct ref *ref, const struct ref_candidate *c,
				  int64_t at_ms)
{
	const struct zone *home = whereabouts(ref)->home;
	int64_t day = (at_ms + offset_ms(home, at_ms)) / DAY_MS, step_ms = stride_ms(ref, c);
	int64_t first_ms = day * DAY_MS - offset_ms(home, at_ms) - 2 * HOUR_MS;
	struct common_day *known = &common_days[(uint64_t)day % KEPT];

	if (known->is_kept && known->day == day && known->from_min == c->ask->window.from_min &&
	    known->to_min == c->ask->window.to_min)
		return known->is_common;
	*known =
	    (struct common_day){day, c->ask->window.from_min, c->ask->window.to_min, true, false};
	for (int64_t t = first_ms; t < first_ms + DAY_MS + 4 * HOUR_MS; t += step_ms)
		if ((t + offset_ms(home, t)) / DAY_MS == day && !ref_outside_window(ref, c, t) &&
		    !is_quiet_in_any(ref, t))
			known->is_common = true;
	return known->is_common;
}

bool ref_is_quiet_hour(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms)
{
	const struct whereabouts *w = whereabouts(ref);

	if (w->count > 1 && has_window(c) && !day_has_common_window(ref, c, at_ms))
		return is_quiet_hour(&ref->policy->quiet_hours, wall_ms(w->home, at_ms));
	return is_quiet_in_any(ref, at_ms);
}

bool ref_is_night(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms)
{
	const struct whereabouts *w = whereabouts(ref);

	if (!keeps_nights(ref, c))
		return false;
	for (size_t i = 0; i < w->count; i++) {
		if (is_quiet_day(ref->policy, w->zones[i], at_ms))
			return true;
	}
	return ref_is_quiet_hour(ref, c, at_ms);
}

static int64_t walk(const struct ref *ref, const struct ref_candidate *c, int64_t from_ms)
{
	int64_t at_ms = from_ms, step_ms = stride_ms(ref, c);

	while (ref_is_night(ref, c, at_ms) || ref_outside_window(ref, c, at_ms)) {
		at_ms += step_ms - at_ms % step_ms;
		if (at_ms - from_ms > WALK_MAX_MS)
			return NEVER_MS;
	}
	return at_ms;
}

/* What was not open for 400 days is not open later either. */
static bool is_never(const struct kept *key)
{
	for (unsigned i = 0; i < never_count; i++)
		if (nevers[i].from_ms <= key->from_ms &&
		    nevers[i].keeps_night == key->keeps_night &&
		    nevers[i].from_min == key->from_min && nevers[i].to_min == key->to_min)
			return true;
	return false;
}

int64_t ref_first_open(const struct ref *ref, const struct ref_candidate *c, int64_t from_ms)
{
	struct kept key = {.from_ms = from_ms,
			   .keeps_night = keeps_nights(ref, c),
			   .from_min = c->ask->window.from_min,
			   .to_min = c->ask->channel == CHANNEL_EMAIL ? c->ask->window.to_min : 0,
			   .is_kept = true};
	uint64_t place = (uint64_t)from_ms * 31 + (uint64_t)key.keeps_night * 7 +
			 (uint64_t)key.from_min * 13 + (uint64_t)key.to_min;
	struct kept *at = &kept[place % KEPT];

	if (at->is_kept && at->from_ms == from_ms && at->keeps_night == key.keeps_night &&
	    at->from_min == key.from_min && at->to_min == key.to_min)
		return at->open_ms;
	key.open_ms = is_never(&key) ? NEVER_MS : walk(ref, c, from_ms);
	*at = key;
	if (key.open_ms == NEVER_MS && never_count < NEVER_KEPT)
		nevers[never_count++] = key;
	return key.open_ms;
}
