/* dates.c - see dates.h. */
#include "dates.h"

#include <string.h>

#include "common/base/region.h"
#include "common/policy/quiet.h"

const char *seg_zone_name(const struct seg_profile *profile)
{
	const struct seg_attribute *attributes = profile->attributes;
	const char *region = attributes[SEG_REGION].text, *country = attributes[SEG_COUNTRY].text;

	if (*attributes[SEG_TIME_ZONE].text)
		return attributes[SEG_TIME_ZONE].text;
	/* A region that was told with another country is where the person lived before. */
	return *country && strncmp(region, country, 2) != 0 ? "" : region_zone(slice_text(region));
}

const struct zone *seg_zone(struct seg_decision *decision)
{
	if (!decision->zone)
		decision->zone =
		    customer_zone(decision->policy, slice_text(seg_zone_name(decision->profile)),
				  slice_text(decision->profile->attributes[SEG_COUNTRY].text));
	return decision->zone;
}

/* The day that comes back every year, from the year after its own. False when it is not known. */
static bool day_of(struct seg_decision *decision, const struct trigger *trigger,
		   struct civil_date *ret)
{
	const char *birthday = decision->profile->attributes[SEG_BIRTHDAY].text;
	struct err ignored; /* a birthday that cannot be read is not known */
	int64_t ms_of_day;

	switch (trigger->date) {
	case DATE_BIRTHDAY:
		return *birthday && birthday_parse(slice_text(birthday), ret, &ignored) == 0;
	case DATE_FIRST_ORDER:
		if (decision->facts.orders == 0)
			return false;
		*ret = zone_date(seg_zone(decision), decision->facts.first_ms, &ms_of_day);
		return true;
	case DATE_YEARLY:
		*ret = (struct civil_date){0, trigger->month, trigger->day};
		return true;
	case DATE_ONCE:         /* does not come back: once_ms() */
	case DATE_ORDER_STARTS: /* one for each order: stays.h */
	case DATE_ORDER_ENDS:
		return false;
	}
	return false;
}

/* No local time is farther from UTC than this, not even with a change of the clock. */
#define FARTHEST_ZONE_MS (27 * HOUR_MS)

static int64_t once_ms(struct seg_decision *decision, const struct trigger *trigger,
		       int64_t from_ms, struct civil_date *ret)
{
	struct civil_date date = {trigger->year, trigger->month, trigger->day};
	int64_t at_ms = trigger->at_min * MINUTE_MS;

	if (civil_days(date) * DAY_MS + at_ms < from_ms - FARTHEST_ZONE_MS)
		return NEVER_MS;
	at_ms = zone_instant(seg_zone(decision), date, at_ms);
	*ret = date;
	return at_ms < from_ms ? NEVER_MS : at_ms;
}

int64_t seg_date_next(struct seg_decision *decision, const struct trigger *trigger, int64_t from_ms,
		      struct civil_date *ret)
{
	struct civil_date day;
	int64_t earliest_ms = from_ms - FARTHEST_ZONE_MS; /* by UTC: spares the zone's rules */
	int year;

	if (trigger->date == DATE_ONCE)
		return once_ms(decision, trigger, from_ms, ret);
	if (!day_of(decision, trigger, &day))
		return NEVER_MS;
	year = civil_from_days(earliest_ms / DAY_MS - 1).year;
	if (year <= day.year)
		year = day.year + 1;
	for (int last = year + 2; year <= last && year <= 9999; year++) {
		struct civil_date date = {year, day.month, day.day};
		int64_t at_ms = trigger->at_min * MINUTE_MS;

		if (!civil_is_valid(date))
			date.day = 28;
		if (civil_days(date) * DAY_MS + at_ms < earliest_ms)
			continue;
		at_ms = zone_instant(seg_zone(decision), date, at_ms);
		if (at_ms < from_ms)
			continue;
		*ret = date;
		return at_ms;
	}
	return NEVER_MS;
}
