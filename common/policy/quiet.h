/*
 * quiet.h - quiet hours in the customer's own time; unknown zones fail closed.
 *
 * The customer's zone when it is known; else every zone of the country at
 * once (quiet where any of them is); else the shop's.  Pure.
 */
#ifndef NURTURE_POLICY_QUIET_H
#define NURTURE_POLICY_QUIET_H

#include "policy.h"

/*
 * The first instant at or after now_ms that is quiet in none of the
 * customer's zones: now_ms itself when it may be sent now, NEVER_MS when the
 * zones of the country leave no common hour in the next 48 h (then the shop's
 * zone counts alone, so NEVER_MS is not returned for a valid policy).
 */
int64_t quiet_hours_end(const struct policy *policy, struct slice time_zone, struct slice country,
			int64_t now_ms);

/*
 * The first instant at or after from_ms that is in no quiet hour and on no
 * quiet day of any of the customer's zones (as above), and inside the window
 * in customer_zone(); window may be NULL.  NEVER_MS: not in the next 400 days.
 *
 * A local time that a change of the clock skips counts as the instant as far
 * after the gap: both what the clock shows then and what it would show without
 * the change are looked for in the window.  One that comes twice is in it
 * twice.  Quiet hours and days are what the clock shows.
 */
int64_t sending_time(const struct policy *policy, struct slice time_zone, struct slice country,
		     const struct send_window *window, int64_t from_ms);
/* The same without quiet hours and days: for classes that do not keep them. */
int64_t window_time(const struct policy *policy, struct slice time_zone, struct slice country,
		    const struct send_window *window, int64_t from_ms);
/*
 * The window around the middle of a person's best hour (0 to 23), moved to
 * where it is within the day; when all of it would be quiet, the nearest one
 * before or after the quiet hours.  The fallback's when it is -1.
 */
struct send_window best_window(const struct policy *policy, int best_hour);

/* Whether it is one of the quiet days. */
bool quiet_day_is(const struct policy *policy, struct civil_date date);

/* The customer's zone, else the country's only or first one, else the shop's; never NULL. */
const struct zone *customer_zone(const struct policy *policy, struct slice time_zone,
				 struct slice country);

#endif
