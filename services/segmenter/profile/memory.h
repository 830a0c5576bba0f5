/*
 * memory.h - what must be remembered of programmes: when one was last set off,
 * and until when a request of it may be waiting.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_MEMORY_H
#define NURTURE_SEGMENTER_PROFILE_MEMORY_H

#include "common/policy/policy.h"
#include "profile.h"

/* NULL when there is none. Valid until the next seg_memory_note(). */
struct seg_memory *seg_memory_find(const struct seg_profile *profile, const char *programme);
/* Only for programmes that ask for it: again_after, cancel_on, dates. */
void seg_memory_note(struct seg_profile *profile, const struct programme *programme,
		     int64_t triggered_ms, int64_t expires_ms);
/* Too soon after, or (when an event comes late) before, the last time? */
bool seg_memory_is_too_soon(const struct seg_profile *profile, const struct programme *programme,
			    int64_t triggered_ms);
/* Drops what is of no use any more and not of the policy. */
void seg_memory_prune(struct seg_profile *profile, const struct policy *policy, int64_t now_ms);

#endif
