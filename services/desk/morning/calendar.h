/*
 * calendar.h - tasks as a calendar (RFC 5545): an event for each, when it is due.  Pure.
 *
 * Calendar programs look again every few hours, so it is an overview and reminds nobody.
 */
#ifndef NURTURE_DESK_MORNING_CALENDAR_H
#define NURTURE_DESK_MORNING_CALENDAR_H

#include "digest.h"

/*
 * Of the tasks without an end those of a person, or else of the team that is called owner.  What is
 * never due is left out.  With the console's address ("": none) each leads to its task there.
 */
void dsk_calendar_write(const struct desk *desk, const char *owner, const struct dsk_listed *list,
			size_t count, int64_t now_ms, const char *console_url, struct buf *out);

#endif
