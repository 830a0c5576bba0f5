/* zone_internal.h - what a zone is made of; for zone.c, zone_tzif.c and zone_rule.c alone. */
#ifndef NURTURE_BASE_ZONE_INTERNAL_H
#define NURTURE_BASE_ZONE_INTERNAL_H

#include "zone.h"

enum { OFFSET_MIN_S = -25 * HOUR_S + 1, OFFSET_MAX_S = 26 * HOUR_S - 1 }; /* RFC 8536 3.2 */

enum rule_day_kind {
	RULE_JULIAN,       /* Jn: 1 to 365, 29 February does not count */
	RULE_DAY_OF_YEAR,  /* n: 0 to 365 */
	RULE_WEEK_OF_MONTH /* Mm.w.d: week 5 is the last; day 0 is Sunday */
};

struct rule_day {
	enum rule_day_kind kind;
	int day, week, month;
	int32_t time_s; /* after local midnight; may be negative or beyond the day */
};

/* The POSIX rule of a footer: for ever the same each year. */
struct zone_rule {
	bool has_dst;
	int32_t standard_s, dst_s; /* offsets from UTC, positive in the east */
	struct rule_day start, end;
};

struct transition {
	int64_t at_s;
	int32_t offset_s; /* from then on */
};

struct zone {
	struct transition *transitions; /* ascending; each changes the offset */
	size_t transition_count;
	int32_t first_offset_s; /* before the first transition */
	bool has_rule;          /* after the last one; for all time when there is none */
	int64_t rule_from_s;
	struct zone_rule rule;
	bool is_listed; /* a country has it; zones.c's own */
};

/* from_s <= t < to_s have this offset. */
struct span {
	int64_t from_s, to_s;
	int32_t offset_s;
};

/* "EST5EDT,M3.2.0,M11.1.0", whole. */
int zone_rule_parse(struct slice text, struct zone_rule *ret, struct err *err);
/* time_s within the years of civil.h. */
struct span zone_rule_span(const struct zone_rule *rule, int64_t time_s);

#endif
