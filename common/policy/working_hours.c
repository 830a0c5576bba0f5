/* working_hours.c - see working_hours.h. */
#include "working_hours.h"

enum { HORIZON_DAYS = 3 * 366 };

struct span {
	int64_t begin_ms, end_ms; /* begin == end: a day without work */
};

static bool is_off(const struct working_hours *hours, struct civil_date date)
{
	for (unsigned i = 0; i < hours->days_off_count; i++) {
		const struct civil_date *off = &hours->days_off[i];

		if (off->month == date.month && off->day == date.day &&
		    (!off->year || off->year == date.year))
			return true;
	}
	return false;
}

static int64_t instant(const struct zone *zone, int64_t day, int minute)
{
	if (minute == DAY_MIN)
		return zone_instant(zone, civil_from_days(day + 1), 0);
	return zone_instant(zone, civil_from_days(day), minute * MINUTE_MS);
}

/* The work of a local day, in days since 1970. */
static struct span span_of(const struct working_hours *hours, int64_t day)
{
	/* 1970-01-01 was a Thursday. */
	unsigned weekday = (unsigned)(((day + 3) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS);
	struct span span = {0, 0};

	if (!(hours->days >> weekday & 1) || is_off(hours, civil_from_days(day)))
		return span;
	span.begin_ms = instant(hours->zone, day, hours->from_min);
	span.end_ms = instant(hours->zone, day, hours->to_min);
	return span;
}

static int64_t day_of(const struct working_hours *hours, int64_t at_ms)
{
	int64_t ms_of_day;

	return civil_days(zone_date(hours->zone, at_ms, &ms_of_day));
}

bool working_at(const struct working_hours *hours, int64_t at_ms)
{
	struct span span = span_of(hours, day_of(hours, at_ms));

	return at_ms >= span.begin_ms && at_ms < span.end_ms;
}

int64_t working_add(const struct working_hours *hours, int64_t from_ms, int64_t work_ms)
{
	int64_t first = day_of(hours, from_ms);

	for (int64_t day = first; day < first + HORIZON_DAYS; day++) {
		struct span span = span_of(hours, day);

		if (span.begin_ms < from_ms)
			span.begin_ms = from_ms;
		if (span.begin_ms >= span.end_ms)
			continue;
		if (work_ms <= span.end_ms - span.begin_ms)
			return span.begin_ms + work_ms;
		work_ms -= span.end_ms - span.begin_ms;
	}
	return NEVER_MS;
}

int64_t working_back(const struct working_hours *hours, int64_t until_ms, int64_t work_ms)
{
	int64_t last = day_of(hours, until_ms);

	for (int64_t day = last; day > last - HORIZON_DAYS; day--) {
		struct span span = span_of(hours, day);

		if (span.end_ms > until_ms)
			span.end_ms = until_ms;
		if (span.begin_ms >= span.end_ms)
			continue;
		if (work_ms <= span.end_ms - span.begin_ms)
			return span.end_ms - work_ms;
		work_ms -= span.end_ms - span.begin_ms;
	}
	return -NEVER_MS;
}

int working_week_min(const struct working_hours *hours)
{
	int days = 0;

	for (int day = 0; day < WEEK_DAYS; day++)
		days += (int)(hours->days >> day & 1);
	return days * (hours->to_min - hours->from_min);
}
