/*
 * country.h - the countries of ISO 3166-1 by alpha-2 code in capitals, the
 * other codes that people write for them, and each one's most populous zone.
 *
 * The published table of other codes stands in proto/README.md.
 */
#ifndef NURTURE_BASE_COUNTRY_H
#define NURTURE_BASE_COUNTRY_H

#include <stdbool.h>

#include "slice.h"

/* Has ISO 3166-1 assigned the code? XK counts as well, which everybody uses for Kosovo. */
bool country_is_known(struct slice alpha2);

/*
 * The assigned code for one that is reserved for a country or a part of it:
 * GB for UK, GR for EL, ES for IC.  NULL when alpha2 is none of these.
 */
const char *country_for_code(struct slice alpha2);

/*
 * The IANA zone in which most people of the country live, where tzdata gives
 * the country more than one zone, or (XK) none; "" of all others.
 */
const char *country_main_zone(struct slice alpha2);

#endif
