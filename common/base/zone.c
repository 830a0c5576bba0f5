/* zone.c - from instants to local time and back.  See zone.h. */
#include "zone_internal.h"

/* Limits a time to the years 1 to 9999, as in civil.h. */
static int64_t clamped_s(int64_t time_s)
{
	const int64_t first_s = INT64_C(-62135596800), last_s = INT64_C(253402300799);

	return time_s < first_s ? first_s : time_s > last_s ? last_s : time_s;
}

static int64_t floor_s(int64_t time_ms)
{
	return time_ms / SECOND_MS - (time_ms % SECOND_MS < 0);
}

/* Returns what floor_s() cuts off; written so that it cannot overflow. */
static int64_t fraction_ms(int64_t time_ms)
{
	return (time_ms % SECOND_MS + SECOND_MS) % SECOND_MS;
}

/* How many transitions are at or before time_s. */
static size_t transitions_until(const struct zone *zone, int64_t time_s)
{
	size_t low = 0, high = zone->transition_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->transitions[middle].at_s <= time_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct span span_at(const struct zone *zone, int64_t time_s)
{
	struct span span = {INT64_MIN, INT64_MAX, zone->first_offset_s};
	size_t passed;

	if (zone->has_rule && time_s >= zone->rule_from_s) {
		span = zone_rule_span(&zone->rule, time_s);
		if (span.from_s < zone->rule_from_s)
			span.from_s = zone->rule_from_s;
		return span;
	}
	passed = transitions_until(zone, time_s);
	if (passed) {
		span.from_s = zone->transitions[passed - 1].at_s;
		span.offset_s = zone->transitions[passed - 1].offset_s;
	}
	if (passed < zone->transition_count)
		span.to_s = zone->transitions[passed].at_s;
	else if (zone->has_rule)
		span.to_s = zone->rule_from_s;
	return span;
}

int32_t zone_offset_s(const struct zone *zone, int64_t time_ms)
{
	return span_at(zone, clamped_s(floor_s(time_ms))).offset_s;
}

int64_t zone_steady_until(const struct zone *zone, int64_t time_ms)
{
	int64_t time_s = floor_s(time_ms);
	struct span span = span_at(zone, clamped_s(time_s));

	/* Beyond the years that we know there are no changes. */
	if (span.to_s <= time_s || span.to_s != clamped_s(span.to_s))
		return NEVER_MS;
	return span.to_s * SECOND_MS;
}

struct civil_date zone_date(const struct zone *zone, int64_t time_ms, int64_t *ret_ms_of_day)
{
	int64_t local_s = clamped_s(floor_s(time_ms)) + zone_offset_s(zone, time_ms);
	int64_t days = local_s / DAY_S - (local_s % DAY_S < 0);

	*ret_ms_of_day = (local_s - days * DAY_S) * SECOND_MS + fraction_ms(time_ms);
	return civil_from_days(days);
}

/*
 * Walks the spans that the wall clock's time can be in, earliest first.  If
 * no span shows it, it lies in the jump between two: then the offset from
 * before the jump puts it as far behind as it was inside.
 */
static int64_t instant_s(const struct zone *zone, int64_t local_s)
{
	int64_t at_s = clamped_s(local_s - OFFSET_MAX_S - 1), jumped_s = local_s;
	struct span span = span_at(zone, at_s);
	bool jumped = false;

	while (at_s <= local_s - OFFSET_MIN_S) {
		int64_t candidate_s = local_s - span.offset_s;
		int32_t offset_before_s = span.offset_s;

		if (candidate_s >= span.from_s && candidate_s < span.to_s)
			return candidate_s;
		if (span.to_s == INT64_MAX || span.to_s != clamped_s(span.to_s))
			break;
		at_s = span.to_s;
		span = span_at(zone, at_s);
		if (!jumped && candidate_s >= at_s && local_s - span.offset_s < at_s) {
			jumped = true;
			jumped_s = local_s - offset_before_s;
		}
	}
	return jumped ? jumped_s : local_s - span.offset_s;
}

int64_t zone_instant(const struct zone *zone, struct civil_date date, int64_t ms_of_day)
{
	int64_t local_s = civil_days(date) * DAY_S + floor_s(ms_of_day);

	return instant_s(zone, local_s) * SECOND_MS + fraction_ms(ms_of_day);
}

static bool is_same_day(const struct rule_day *a, const struct rule_day *b)
{
	return a->kind == b->kind && a->day == b->day && a->week == b->week &&
	       a->month == b->month && a->time_s == b->time_s;
}

static bool is_same_rule(const struct zone_rule *a, const struct zone_rule *b)
{
	if (a->has_dst != b->has_dst || a->standard_s != b->standard_s)
		return false;
	return !a->has_dst || (a->dst_s == b->dst_s && is_same_day(&a->start, &b->start) &&
			       is_same_day(&a->end, &b->end));
}

bool zone_is_same(const struct zone *a, const struct zone *b)
{
	if (a == b)
		return true;
	if (a->transition_count != b->transition_count || a->first_offset_s != b->first_offset_s ||
	    a->has_rule != b->has_rule)
		return false;
	for (size_t i = 0; i < a->transition_count; i++) {
		if (a->transitions[i].at_s != b->transitions[i].at_s ||
		    a->transitions[i].offset_s != b->transitions[i].offset_s)
			return false;
	}
	return !a->has_rule ||
	       (a->rule_from_s == b->rule_from_s && is_same_rule(&a->rule, &b->rule));
}
