/*
 * memory.h - what must be remembered of programmes: when one was last set off,
 * and until when a request of it may be waiting.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_MEMORY_H
#define NURTURE_SEGMENTER_PROFILE_MEMORY_H

#include "common/policy/policy.h"
#include "profile.h"

/*
 * Finds what is remembered of a programme; NULL when there is nothing. Valid until the next
 * seg_memory_note().
 */
struct seg_memory *seg_memory_find(const struct seg_profile *profile, const char *programme);
/* Remembers a programme, if it asks for that: again_after, cancel_on, dates. */
void seg_memory_note(struct seg_profile *profile, const struct programme *programme,
		     int64_t triggered_ms, int64_t expires_ms);
/* Is it too soon after the last time or, when an event comes late, too soon before it? */
bool seg_memory_is_too_soon(const struct seg_profile *profile, const struct programme *programme,
			    int64_t triggered_ms);
/* Drops memories that are of no use any more and do not belong to the policy. */
void seg_memory_prune(struct seg_profile *profile, const struct policy *policy, int64_t now_ms);

#endif
