/*
 * unite.h - two profiles of one person become one.  Pure.
 *
 * What both know of the same thing (an order told under both ids, an address, an event) is known
 * once; the newer word of each holds as if all had been told under one id, and of consent, wishes
 * and bounces the stricter one, but for what was said after the merge.  Uniting in either direction gives the same person, but for what is
 * decided about a profile: its segments and programmes go along, its due time does not.
 *
 * Of orders that neither profile has in detail any more (64 are kept) nobody can say whether they
 * were told under both ids: they count for each.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_UNITE_H
#define NURTURE_SEGMENTER_PROFILE_UNITE_H

#include "common/policy/policy.h"
#include "profile.h"

/*
 * Takes `with`, which was merged at merged_ms, into the profile; both must live in one arena.
 * merged_into of neither is asked.
 */
void seg_profile_unite(struct seg_profile *profile, const struct seg_profile *with,
		       int64_t merged_ms, const struct policy *policy);

/* The part of it that is about orders and categories. */
void seg_orders_unite(struct seg_profile *profile, const struct seg_profile *with,
		      const struct policy *policy);

#endif
