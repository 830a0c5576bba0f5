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

#endif
