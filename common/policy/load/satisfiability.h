/*
 * satisfiability.h - private to this folder: can conditions hold for anybody?
 *
 * The search tries every way in which the conditions could hold, and compares ranges, stages,
 * countries and purchases.  "No" is certain; "yes" is also the answer when the search takes too
 * long, and for conditions that it does not know.
 */
#ifndef NURTURE_POLICY_LOAD_SATISFIABILITY_H
#define NURTURE_POLICY_LOAD_SATISFIABILITY_H

#include "common/policy/policy.h"

struct contradiction {
	char text[200]; /* "orders at least 5 and at most 3" */
};

/* Can both hold at once?  b may be NULL.  If they cannot, *ret says what contradicts. */
bool conditions_can_hold(const struct policy *policy, const struct condition *a,
			 const struct condition *b, struct contradiction *ret);

#endif
