/*
 * country_name.h - the code of a country from its name, as files write it.  Pure.
 */
#ifndef NURTURE_BASE_COUNTRY_NAME_H
#define NURTURE_BASE_COUNTRY_NAME_H

#include "slice.h"

/*
 * The code of ISO 3166-1 for a name in English or in one of the country's own languages, in any
 * case of ASCII letters: "United Kingdom", "EIRE", "Deutschland".  NULL when it is none of them: a
 * region of many countries ("Channel Islands") has no code.
 */
const char *country_for_name(struct slice name);

#endif
