/*
 * quiet.h - quiet hours, quiet days and send windows in the customer's own time.
 *
 * The zones that count are the customer's when it is known, else every zone of
 * the country, else the shop's.  Windows are asked of one of them, the home
 * zone (customer_zone()).  Of a country with several zones it is night while
 * it is night in any of them, with one exception: for a message with a send
 * window, on a day (by the home zone's calendar) on which that would leave no
 * instant of the window, the quiet hours of the home zone count alone; and
 * when the quiet days of all zones leave none in 400 days, those of the home
 * zone.  A message without a window that no instant fits is never sent.  Pure.
 */
#ifndef NURTURE_POLICY_QUIET_H
#define NURTURE_POLICY_QUIET_H

#include "policy.h"

/*
 * The first instant at or after from_ms that is in no quiet hour and on no
 * quiet day (as above), and inside the window in customer_zone(); window may
 * be NULL, or all 0: none.  NEVER_MS: not in the next 400 days.
 *
 * A local time that a change of the clock skips counts as the instant as far
 * after the gap: both what the clock shows then and what it would show without
 * the change are looked for in the window.  One that comes twice is in it
 * twice.  Quiet hours and days are what the clock shows.
 */
int64_t sending_time(const struct policy *policy, struct slice time_zone, struct slice country,
		     const struct send_window *window, int64_t from_ms);
/* The same without quiet hours and days, for classes that do not keep them. */
int64_t window_time(const struct policy *policy, struct slice time_zone, struct slice country,
		    const struct send_window *window, int64_t from_ms);
/*
 * The first instant that is in no night of a message with that window, whether
 * inside it or not: for what has missed its window.
 */
int64_t night_end(const struct policy *policy, struct slice time_zone, struct slice country,
		  const struct send_window *window, int64_t from_ms);
/*
 * What does not allow at_ms: the name of RULE_QUIET_HOURS, RULE_QUIET_DAYS or RULE_SEND_AT (the
 * window), or "" when all do.  A class that keeps no night is only asked for
 * the window.
 */
const char *hours_rule(const struct policy *policy, struct slice time_zone, struct slice country,
		       const struct send_window *window, bool keeps_night, int64_t at_ms);
/*
 * The window around the middle of a person's best hour (0 to 23), moved to
 * where it is within the day; when all of it would be quiet, the nearest one
 * before or after the quiet hours.  The fallback's when it is -1.
 */
struct send_window best_window(const struct policy *policy, int best_hour);

/* Is it one of the quiet days? */
bool quiet_day_is(const struct policy *policy, struct civil_date date);

/*
 * The customer's zone; else, of a country that is known, the shop's when it
 * lies there or the one in which most people live; else the shop's.  Never NULL.
 */
const struct zone *customer_zone(const struct policy *policy, struct slice time_zone,
				 struct slice country);

#endif
