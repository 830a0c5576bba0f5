/*
 * satisfiability.h - private to common/policy: can conditions hold for anybody?
 *
 * Ranges, stages, countries and purchases are weighed against each other in
 * every way in which the conditions could hold.  "No" is certain; what takes
 * too long to tell, or what this file knows nothing of, counts as "yes".
 */
#ifndef NURTURE_POLICY_SATISFIABILITY_H
#define NURTURE_POLICY_SATISFIABILITY_H

#include "policy.h"

struct reach_conflict {
	char text[200]; /* "orders at least 5 and at most 3" */
};

/* Whether both could hold at once; b may be NULL.  *ret is a contradiction when not. */
bool conditions_can_hold(const struct policy *policy, const struct condition *a,
			 const struct condition *b, struct reach_conflict *ret);

#endif
