/*
 * deliverable.h - does the person's address take mail?
 *
 * A hard bounce ends it for that address.  Five soft ones in 30 days end it as
 * well, until an open or a click shows that mail arrives; what mail servers
 * refuse for their policy says nothing of the person.
 */
#ifndef NURTURE_SEGMENTER_DELIVERABLE_H
#define NURTURE_SEGMENTER_DELIVERABLE_H

#include "profile.h"

void seg_bounce_hard(struct seg_profile *profile, int64_t time_ms);
void seg_bounce_soft(struct seg_profile *profile, int64_t time_ms);
/* Forgets the soft bounces that an open or a click has come after; when one was noted. */
void seg_bounces_outlive(struct seg_profile *profile);

/* Why the newest address takes no mail; "" when it does, or there is none. */
const char *seg_undeliverable(const struct seg_profile *profile);

#endif
