/* window.h - a part of the day in one zone.  See quiet.h. */
#ifndef NURTURE_POLICY_WINDOW_H
#define NURTURE_POLICY_WINDOW_H

#include "policy.h"

/* The first instant at or after from_ms at which the wall clock there is in the window. */
int64_t window_begin(const struct zone *zone, const struct send_window *window, int64_t from_ms);
/* Whether a time of day is quiet; never when quiet hours are off. */
bool quiet_at(const struct quiet_hours *quiet, int64_t ms_of_day);

#endif
