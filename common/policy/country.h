/* country.h - the countries of ISO 3166-1, by alpha-2 code in capitals. */
#ifndef NURTURE_POLICY_COUNTRY_H
#define NURTURE_POLICY_COUNTRY_H

#include <stdbool.h>

#include "../base/slice.h"

bool country_is_known(struct slice alpha2);

#endif
