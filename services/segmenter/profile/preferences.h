/*
 * preferences.h - what the person asks for: quiet until a day, and no more
 * than so many mails in so many days.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_PREFERENCES_H
#define NURTURE_SEGMENTER_PROFILE_PREFERENCES_H

#include "nurture/v1/event.pb-c.h"
#include "profile.h"

/*
 * Replaces all preferences that were said before. Of two events at one instant the longer pause
 * counts, then the greater set, so that the order of arrival does not matter.
 */
void seg_preferences_note(struct seg_profile *profile, const Nurture__V1__Preferences *preferences,
			  int64_t time_ms);

/*
 * Takes in what the same person asked for under another id, which was merged at merged_ms: both
 * wishes hold, unless the newer one was said after the merge, so of both.
 */
void seg_preferences_unite(struct seg_profile *profile, const struct seg_profile *with,
			   int64_t merged_ms);

#endif
