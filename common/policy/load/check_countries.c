/*
 * check_countries.c - people of whom only the country is known, where it has
 * several zones: is there an hour at which they may be written to?
 *
 * This looks at every day of a year, minute by minute, and once for all days on
 * which the clocks there stand alike.  It does not ask quiet.c, so that what
 * decides does not check itself.  With a send window there always is an hour
 * (the home zone's night and quiet days count when those of all zones leave
 * nothing of it); check_times() has seen that the window is not all night.
 */
#include "check.h"

#include <stdio.h>

#include "common/base/country.h"
#include "common/policy/quiet.h"
#include "common/policy/window.h"

enum { ZONES_MAX = 64, LISTED = 8, LIST_BYTES = 60 };
enum { FIRST_DAY = 19723 /* 2024-01-01 */, YEAR_DAYS = 366 };

/* How far a country's clocks are ahead of UTC on the day that is looked at; no two alike. */
struct place {
	int ahead_min[ZONES_MAX], home_min;
	size_t count;
};

/* Many zones of a country differ only in their past. */
static void add_clock(struct place *place, int ahead_min)
{
	for (size_t i = 0; i < place->count; i++)
		if (place->ahead_min[i] == ahead_min)
			return;
	place->ahead_min[place->count++] = ahead_min;
}

/* Finds the clocks of the zones at that instant; returns until when they stay so. */
static int64_t place_at(const struct zone *const *zones, size_t count, const struct zone *home,
			int64_t day_ms, struct place *ret)
{
	int64_t until_ms = zone_steady_until(home, day_ms);

	ret->count = 0;
	ret->home_min = zone_offset_s(home, day_ms) / 60;
	for (size_t i = 0; i < count; i++) {
		int64_t steady_ms = zone_steady_until(zones[i], day_ms);

		add_clock(ret, (int)(zone_offset_s(zones[i], day_ms) / 60));
		if (steady_ms < until_ms)
			until_ms = steady_ms;
	}
	return until_ms;
}

static int local_min(int minute, int ahead_min)
{
	return (minute + ahead_min + 2 * DAY_MIN) % DAY_MIN;
}

static bool is_quiet(const struct policy *policy, int minute)
{
	return quiet_at(&policy->quiet_hours, minute * MINUTE_MS);
}

static bool is_day_everywhere(const struct policy *policy, const struct place *place, int minute)
{
	for (size_t i = 0; i < place->count; i++) {
		if (is_quiet(policy, local_min(minute, place->ahead_min[i])))
			return false;
	}
	return true;
}

static bool is_in_window(const struct send_window *window, int minute)
{
	return !window->to_min || (minute >= window->from_min && minute < window->to_min);
}

/*
 * Finds the minutes of the day (UTC) at which a mail with that window may go out; false when there
 * is none.
 */
static bool open_minutes(const struct policy *policy, const struct place *place,
			 const struct send_window *window, bool open[DAY_MIN])
{
	bool any = false;

	for (int minute = 0; minute < DAY_MIN; minute++) {
		open[minute] = is_in_window(window, local_min(minute, place->home_min)) &&
			       is_day_everywhere(policy, place, minute);
		any = any || open[minute];
	}
	if (any || !window->to_min)
		return any;
	for (int minute = 0; minute < DAY_MIN; minute++) {
		int here = local_min(minute, place->home_min);

		open[minute] = is_in_window(window, here) && !is_quiet(policy, here);
		any = any || open[minute];
	}
	return any;
}

/*
 * Returns how long a message that is due at one local time waits there; 0 when it may be due at
 * any time.
 */
static int wait_min(const struct sender *sender, const struct place *place,
		    const bool open[DAY_MIN])
{
	const struct programme *programme = sender->programme;
	int due, wait = 0;

	if (!programme || !trigger_has_time(&programme->trigger))
		return 0;
	due = (int)((programme->trigger.at_min + programme->wait_ms / MINUTE_MS) % DAY_MIN);
	due = local_min(due, -place->home_min);
	while (wait < DAY_MIN && !open[(due + wait) % DAY_MIN])
		wait++;
	return wait;
}

/* Is one of the open minutes of a day (UTC) on no quiet day in any of the zones? */
static bool is_day_open(const struct policy *policy, const struct place *place,
			const bool open[DAY_MIN], int day)
{
	bool is_quiet_day[3]; /* the day before, the day, the day after */

	for (int i = 0; i < 3; i++)
		is_quiet_day[i] = quiet_day_is(policy, civil_from_days(day + i - 1));
	for (int minute = 0; minute < DAY_MIN; minute++) {
		bool is_open = open[minute];

		for (size_t i = 0; is_open && i < place->count; i++)
			is_open = !is_quiet_day[(minute + place->ahead_min[i] + DAY_MIN) / DAY_MIN];
		if (is_open)
			return true;
	}
	return false;
}

static bool is_reached(const struct policy *policy, const struct sender *sender,
		       const struct zone *const *zones, size_t count, const struct zone *home)
{
	struct send_window window = sender_window(policy, sender);
	bool has_day = !policy->quiet_day_count || window.to_min;
	int64_t steady_ms = INT64_MIN;
	bool open[DAY_MIN] = {false};
	struct place place;

	for (int day = FIRST_DAY; day < FIRST_DAY + YEAR_DAYS; day++) {
		if (day * DAY_MS >= steady_ms) {
			steady_ms = place_at(zones, count, home, day * DAY_MS, &place);
			if (!open_minutes(policy, &place, &window, open) ||
			    wait_min(sender, &place, open) * MINUTE_MS >= sender->expires_ms)
				return false;
		}
		has_day = has_day || is_day_open(policy, &place, open, day);
	}
	return has_day;
}

/*
 * Writes the countries that the sender never reaches, but for those that told (NULL: nobody) does
 * not reach either, as "CA, RU, US and 3 more"; returns how many they are.
 */
static unsigned unreached(const struct policy *policy, const struct sender *sender,
			  const struct sender *told, char list[LIST_BYTES])
{
	unsigned count = 0;
	size_t used = 0;

	for (int i = 0; i < 26 * 26; i++) {
		char code[] = {(char)('A' + i / 26), (char)('A' + i % 26), '\0'};
		const struct zone *zones[ZONES_MAX], *home;
		size_t zone_count =
		    zones_of_country(policy->zones, slice_text(code), zones, ZONES_MAX);

		/* Nobody lives in Antarctica. */
		if (zone_count < 2 || zone_count > ZONES_MAX ||
		    !country_is_known(slice_text(code)) || strcmp(code, "AQ") == 0)
			continue;
		home = zones_for_country(policy->zones, slice_text(code), policy->shop_zone);
		if (is_reached(policy, sender, zones, zone_count, home) ||
		    (told && !is_reached(policy, told, zones, zone_count, home)))
			continue;
		if (count++ < LISTED)
			used += (size_t)snprintf(list + used, LIST_BYTES - used, "%s%s",
						 used ? ", " : "", code);
	}
	if (count > LISTED)
		snprintf(list + used, LIST_BYTES - used, " and %u more", count - LISTED);
	return count;
}

void warn_of_countries(struct loader *l)
{
	const struct policy *policy = l->policy;
	bool keeps_any = !policy->quiet_hours.off || policy->quiet_day_count, told = false;

	for (unsigned i = 0; i < sender_count(policy) && keeps_any; i++) {
		struct sender sender = sender_at(l, i), any = sender;
		bool has_window = sender_window(policy, &sender).to_min != 0;
		char list[LIST_BYTES];

		if (!(sender.channels & 1U << CHANNEL_EMAIL) ||
		    !policy->classes[sender.message_class].quiet_hours)
			continue;
		any.programme = NULL;
		if (!told && !has_window && unreached(policy, &any, NULL, list)) {
			policy_warn(
			    l, node_get(l->root, "quiet_hours"),
			    "it is never day%s in all zones of %s at once: mail without send_at "
			    "is never sent to people there of whom only the country is known",
			    policy->quiet_day_count ? ", and no quiet day," : "", list);
			told = true;
		}
		if (sender.programme && trigger_has_time(&sender.programme->trigger) &&
		    unreached(policy, &sender, has_window ? NULL : &any, list))
			policy_warn(
			    l, sender.node,
			    "is never sent to people in %s of whom only the country is known: "
			    "it expires before it is day in all zones",
			    list);
	}
}
