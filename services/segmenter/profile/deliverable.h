/*
 * deliverable.h - does the person's address take mail?
 *
 * A hard bounce ends it for that address.  Five soft ones in 30 days end it as
 * well, until an open or a click shows that mail arrives; what mail servers
 * refuse for their policy says nothing of the person.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_DELIVERABLE_H
#define NURTURE_SEGMENTER_PROFILE_DELIVERABLE_H

#include "profile.h"

/*
 * The instant as of which a bounce counts: when it names an address that the
 * person had before, the last time that one was heard of.  One that names none
 * of the person's (a forwarded mail names where it went), or none at all, is
 * about the address in use at time_ms.
 */
int64_t seg_bounce_about_ms(const struct seg_profile *profile, const char *email, int64_t time_ms);
void seg_bounce_hard(struct seg_profile *profile, int64_t time_ms);
void seg_bounce_soft(struct seg_profile *profile, int64_t time_ms);
/* Forgets the soft bounces that an open or a click has come after; when one was noted. */
void seg_bounces_outlive(struct seg_profile *profile);

/* Why the newest address takes no mail; "" when it does, or there is none. */
const char *seg_undeliverable(const struct seg_profile *profile);

#endif
