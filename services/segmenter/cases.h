/*
 * cases.h - returns and complaints that are open, and when others were closed.
 *
 * A closed case is remembered, or an opening that comes late would open it
 * again.  Late parcels are kept with their order.
 */
#ifndef NURTURE_SEGMENTER_CASES_H
#define NURTURE_SEGMENTER_CASES_H

#include "profile.h"

void seg_case_note(struct seg_profile *profile, const char *id, bool opened, int64_t time_ms);

static inline bool seg_case_is_open(const struct seg_case *c)
{
	return c->opened_ms > c->closed_ms;
}

#endif
