/*
 * events.h - what each kind of event means for the profile.
 */
#ifndef NURTURE_SEGMENTER_EVENTS_H
#define NURTURE_SEGMENTER_EVENTS_H

#include "services/segmenter/profile/decision.h"

/*
 * Takes the event into the profile. A type without a meaning here only tells who the customer is. A
 * stale event, which is so old that it may be a repeat, changes nothing that would count twice. -1
 * when the event lacks something that its type needs: then the profile must not be used.
 */
int seg_event_apply(struct seg_profile *profile, const struct policy *policy,
		    const Nurture__V1__Event *event, bool is_stale, struct seg_change *ret,
		    struct err *err);

#endif
