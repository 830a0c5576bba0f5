/*
 * time_text.h - times as the exports of shop systems write them, without any zone.  Pure.
 *
 * ISO 8601 with its usual liberties ("2024-01-01 11:13:13 -0500", no seconds, no offset), or a
 * format of the caller's in the letters of strftime (POSIX.1-2017).
 */
#ifndef NURTURE_NURTURECTL_EXPORTS_TIME_TEXT_H
#define NURTURE_NURTURECTL_EXPORTS_TIME_TEXT_H

#include "common/base/civil.h"

struct time_text {
	struct civil_date date;
	int64_t of_day_ms;
	bool has_time;   /* else it was a date alone */
	bool has_offset; /* else it is somebody's wall clock */
	int64_t offset_ms;
};

/*
 * YYYY-MM-DD, and behind it perhaps T or blanks, HH:MM[:SS[.FRACTION]], and perhaps blanks and
 * Z, UTC, GMT, +HH, +HHMM or +HH:MM. False for all else, and for a day that does not exist.
 */
bool time_text_iso(struct slice text, struct time_text *ret);

/*
 * By the formats, with | between those that are tried one after the other. Of strftime's letters:
 * %Y %y (69 to 99: 1969 to 1999) %m %d %e %b %B (English) %H %I %M %S %f (a fraction) %p %z %%.
 * Numbers may lack their leading zero; a blank stands for any blanks, or none before %p.
 */
bool time_text_by(const char *formats, struct slice text, struct time_text *ret);
/* ERR_CONFIG when the formats have another letter, or no year, month and day. */
int time_text_check(const char *formats, struct err *err);

#endif
