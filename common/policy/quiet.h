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

/* The customer's zone, else the country's only or first one, else the shop's; never NULL. */
const struct zone *customer_zone(const struct policy *policy, struct slice time_zone,
				 struct slice country);

#endif
