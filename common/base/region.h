/*
 * region.h - regions of countries with several clocks (ISO 3166-2), and by which clock their people
 * live.  Pure.
 *
 * Only countries whose regions differ are here. Of a region that is cut by a border between clocks
 * the zone is that of its people when at least nineteen of twenty live by it (so has Ontario
 * Toronto's); of all others (Tennessee, Chihuahua) it is not said.
 */
#ifndef NURTURE_BASE_REGION_H
#define NURTURE_BASE_REGION_H

#include <stdbool.h>

#include "slice.h"

enum { REGION_BYTES = 7 }; /* "US-TX", with the NUL */

/*
 * The region that a shop's province or state means in a country ("TX", "tx", "PT-20", Mexico's
 * "Q ROO") as ISO 3166-2 has it. False: that country's clock needs no region, or it is none.
 */
bool region_of(struct slice alpha2, struct slice province, char ret[REGION_BYTES]);

/* The IANA zone of a region ("US-TX"); "" when it is not known, or its people have several. */
const char *region_zone(struct slice region);

#endif
