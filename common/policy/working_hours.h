/*
 * working_hours.h - time as people at work count it.  Pure.
 *
 * Hours are local: on each of the week's days that is marked, from a time of day to another one of
 * the same day, but on days off.  "Four hours" begin at 16:00 and end at 11:00 the next working
 * day when work ends at 17:00 and begins at 08:00.
 */
#ifndef NURTURE_POLICY_WORKING_HOURS_H
#define NURTURE_POLICY_WORKING_HOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/civil.h"
#include "common/base/zone.h"

enum { WEEK_DAYS = 7 };

struct working_hours {
	const struct zone *zone;
	unsigned days;                     /* bit 0: Monday */
	int from_min, to_min;              /* from < to <= 1440 */
	const struct civil_date *days_off; /* year 0: every year */
	unsigned days_off_count;
};

bool working_at(const struct working_hours *hours, int64_t at_ms);
/*
 * The instant when so much working time has gone by since from_ms; with 0 the first instant of work
 * at or after it.  NEVER_MS when there is none within some years.
 */
int64_t working_add(const struct working_hours *hours, int64_t from_ms, int64_t work_ms);
/* Of a week without days off, in minutes. */
int working_week_min(const struct working_hours *hours);
/*
 * The last instant after which so much working time, more than 0, is left until until_ms;
 * -NEVER_MS when some years before have not so much.
 */
int64_t working_back(const struct working_hours *hours, int64_t until_ms, int64_t work_ms);

#endif
