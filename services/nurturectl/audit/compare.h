/*
 * compare.h - two lists of outcomes: the same, or what differs, in words.
 * Pure.
 *
 * Lines are matched by customer and id, so that one whose time differs is
 * said to differ, and not to be missing twice.  A simulation's code of a pool
 * stands for any code.
 */
#ifndef NURTURE_NURTURECTL_AUDIT_COMPARE_H
#define NURTURE_NURTURECTL_AUDIT_COMPARE_H

#include "common/base/buf.h"
#include "services/nurturectl/outcomes/outcomes.h"

struct compare_options {
	const char *name_a, *name_b; /* as the differences call them */
	bool in_doubt_is_sent;       /* what was in doubt may well have been sent */
	size_t shown_max;
};

struct comparison {
	size_t count_a, count_b;
	size_t only_a, only_b, differ;
	size_t in_doubt_a, in_doubt_b; /* taken as sent */
};

/* Reorders both lists. out gets the first shown_max differences by (customer, at, id). */
void compare_outcomes(struct outcomes *a, struct outcomes *b, const struct compare_options *options,
		      struct comparison *ret, struct buf *out);

#endif
