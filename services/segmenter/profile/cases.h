/*
 * cases.h - returns and complaints that are open, and when others were closed.
 *
 * A closed case is remembered, or an opening that comes late would open it
 * again.  Late parcels are kept with their order.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_CASES_H
#define NURTURE_SEGMENTER_PROFILE_CASES_H

#include "decision.h"

/*
 * The event of that type opens, or closes, the case of that id ("": that of the order), which is
 * about the order ("": nobody says).  A closing without an id closes every case of its kind
 * about the order; one of a case that nobody opened closes the one that was opened by its order
 * alone.  True when it is news: what is open cannot be opened, nor what is closed be closed.
 */
bool seg_case_open(struct seg_profile *profile, const char *type, const char *id, const char *order,
		   int64_t time_ms);
bool seg_case_close(struct seg_profile *profile, const char *type, const char *id,
		    const char *order, int64_t time_ms);

static inline bool seg_case_is_open(const struct seg_case *c)
{
	return c->opened_ms > c->closed_ms;
}

/*
 * Until when a case holds: while it is open, and at most as long as the policy says. SEG_NEVER when
 * it is not open.
 */
int64_t seg_case_ends_ms(const struct seg_decision *decision, const struct seg_case *c);
/* The same for the late parcel of an order. */
int64_t seg_late_ends_ms(const struct seg_decision *decision, const struct seg_order *order);
/* The next instant after now at which a case ends by itself; NEVER_MS when none will. */
int64_t seg_cases_end_ms(const struct seg_decision *decision);

/* Takes in the cases of the same person under another id. */
void seg_cases_unite(struct seg_profile *profile, const struct seg_profile *with);

#endif
