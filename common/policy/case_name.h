/*
 * case_name.h - what a case is called, which ones a closing closes, and how long one holds.  Pure.
 *
 * One rule for the segmenter and the review-solicitor.  A name is the kind and an id:
 * "return:4", "complaint:9", "late:17", and "interaction:last".  The id is the case's own, or else that of the order.
 */
#ifndef NURTURE_POLICY_CASE_NAME_H
#define NURTURE_POLICY_CASE_NAME_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "policy.h"

/* Of "return.opened" and its like; case_id and order may be "", not both.  In the arena. */
const char *case_name(const char *type, const char *case_id, const char *order,
		      struct arena *arena);
/* May the name stand in outcomes? It is longer than an id by its kind. */
bool case_is_name(struct slice name);
/* The name of the case of a late parcel. */
const char *case_late_name(const char *order, struct arena *arena);
/*
 * A closing that has no case id is about every case of its kind of that order.
 * Is the case of that name, about case_order ("": nobody said), one of them?
 */
bool case_is_of_order(const char *name, const char *case_order, const char *type,
		      const char *order);
/* How long after its opening a case holds nothing any more, closed or not. */
int64_t case_lasts_ms(const struct policy *policy, const char *name);

#endif
