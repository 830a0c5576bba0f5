/*
 * dates.h - days of the year: birthday, anniversary of the first order, a
 * fixed day; and single days.  Each at a time of day by the customer's clock.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_DATES_H
#define NURTURE_SEGMENTER_PROFILE_DATES_H

#include "decision.h"

/*
 * The first instant at or after from_ms that the trigger names, and its local
 * date; NEVER_MS when the day is not known.  29 February is 28 February in
 * other years.
 */
int64_t seg_date_next(struct seg_decision *decision, const struct trigger *trigger, int64_t from_ms,
		      struct civil_date *ret);

/*
 * The name of the customer's own zone: the one that was told, else that of the region (region.h);
 * "" when neither is known.
 */
const char *seg_zone_name(const struct seg_profile *profile);

/* The zone that the customer lives in, as far as is known; never NULL. */
const struct zone *seg_zone(struct seg_decision *decision);

#endif
