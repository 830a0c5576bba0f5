/*
 * civil.h - calendar and RFC 3339, without any clock or zone of the system.
 *
 * Times are int64_t milliseconds since 1970-01-01T00:00:00Z; the proleptic
 * Gregorian calendar, years 0001 to 9999.
 */
#ifndef NURTURE_BASE_CIVIL_H
#define NURTURE_BASE_CIVIL_H

#include <stdint.h>

#include "err.h"
#include "slice.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define WEEK_MS (7 * DAY_MS)

enum { HOUR_MIN = 60, DAY_MIN = 24 * HOUR_MIN };
enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S };

/* "Never": later than any time. */
#define NEVER_MS INT64_MAX

struct civil_date {
	int year, month, day; /* month and day from 1 */
};

int64_t civil_days(struct civil_date date); /* since 1970-01-01 */
struct civil_date civil_from_days(int64_t days);
bool civil_is_valid(struct civil_date date);

enum { RFC3339_BYTES = 32 };
/* "2026-03-01T12:00:00Z", with ".123" only when there are milliseconds. */
const char *rfc3339_text(int64_t time_ms, char buf[RFC3339_BYTES]);
/* RFC 3339 with an offset or Z; a space for T and up to 9 decimals are taken (cut to ms). */
int rfc3339_parse(struct slice text, int64_t *ret_ms, struct err *err);
/* "2026-03-01". */
int civil_parse(struct slice text, struct civil_date *ret, struct err *err);
/* "1980-02-29" or "--02-29"; year 0 in the second. */
int birthday_parse(struct slice text, struct civil_date *ret, struct err *err);

#endif
