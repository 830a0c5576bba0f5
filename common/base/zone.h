/*
 * zone.h - local time in an IANA zone, from TZif bytes (RFC 8536).
 *
 * Pure: the files are read by common/io/zoneinfo.  Far dates follow the
 * footer's POSIX rule.  A local time that does not exist (spring gap) is the
 * instant as far after the gap as it was inside it; one that exists twice is
 * the first.
 */
#ifndef NURTURE_BASE_ZONE_H
#define NURTURE_BASE_ZONE_H

#include <stdint.h>

#include "civil.h"
#include "err.h"
#include "slice.h"

struct zone;  /* one zone; immutable */
struct zones; /* all zones by name, and the zones of each country; immutable once loaded */

/* Parses a TZif file; the caller frees with zone_free(). */
int zone_parse(struct slice tzif, struct zone **ret, struct err *err);
void zone_free(struct zone *zone);

/* Offset from UTC in force at time_ms. */
int32_t zone_offset_s(const struct zone *zone, int64_t time_ms);
/* The local day that contains time_ms, and ms since its midnight by the wall clock. */
struct civil_date zone_date(const struct zone *zone, int64_t time_ms, int64_t *ret_ms_of_day);
/* The instant at which the wall clock there shows date + ms_of_day (see the rule above). */
int64_t zone_instant(const struct zone *zone, struct civil_date date, int64_t ms_of_day);
/*
 * The offset at time_ms stays in force until the instant returned, and may
 * change there; later than time_ms, NEVER_MS when nothing will change.
 */
int64_t zone_steady_until(const struct zone *zone, int64_t time_ms);
/* Do both clocks show the same at every instant, past and future? */
bool zone_is_same(const struct zone *a, const struct zone *b);

struct zones *zones_new(void);
void zones_free(struct zones *zones);
/* Takes ownership of zone. A second zone of the same name replaces the first. */
void zones_add(struct zones *zones, const char *name, struct zone *zone);
void zones_add_country(struct zones *zones, const char *alpha2, const char *zone_name);
/* NULL when unknown. Names are as in the IANA data, in any letter case. */
const struct zone *zones_find(const struct zones *zones, struct slice name);
/*
 * The zones of a country ("GB", "gb", or "UK": country.h) into ret (at most
 * max), in the order in which they were added; returns how many there are.
 */
size_t zones_of_country(const struct zones *zones, struct slice alpha2, const struct zone **ret,
			size_t max);
/*
 * The one zone by which somebody in the country is taken to live when nobody
 * said more: shop when it lies there (also under another of its names), else
 * the country's most populous one, else its first.  NULL when the country has
 * none, or is none.  shop may be NULL.
 */
const struct zone *zones_for_country(const struct zones *zones, struct slice alpha2,
				     const struct zone *shop);

#endif
