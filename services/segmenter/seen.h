/*
 * seen.h - the ids of the events that a profile already holds.
 *
 * Kept are the last 64, and beyond them those of the last 7 days before the
 * newest, at most 512; by the events' own times, so that the same events leave
 * the same list in whatever order they came.
 */
#ifndef NURTURE_SEGMENTER_SEEN_H
#define NURTURE_SEGMENTER_SEEN_H

#include "profile.h"

bool seg_seen_has(const struct seg_profile *profile, uint64_t hash);
void seg_seen_add(struct seg_profile *profile, uint64_t hash, int64_t time_ms);

#endif
