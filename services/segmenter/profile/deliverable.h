/*
 * deliverable.h - does the person's address take mail?
 *
 * A hard bounce says that the address takes none.  Five soft bounces in 30 days say so as
 * well, until an open or a click shows that mail arrives.  A refusal for a mail server's
 * policy says nothing of the address.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_DELIVERABLE_H
#define NURTURE_SEGMENTER_PROFILE_DELIVERABLE_H

#include "profile.h"

/*
 * The instant as of which a bounce counts.  When the bounce names an address that the
 * person had before, that is the last time at which the address was seen.  A bounce that
 * names no address, or none of the person's (as for a forwarded mail), is about the address
 * in use at time_ms.
 */
int64_t seg_bounce_about_ms(const struct seg_profile *profile, const char *email, int64_t time_ms);
void seg_bounce_hard(struct seg_profile *profile, int64_t time_ms);
void seg_bounce_soft(struct seg_profile *profile, int64_t time_ms);
/* Forgets the soft bounces before the newest open or click; called when one was noted. */
void seg_bounces_outlive(struct seg_profile *profile);

/* Why the newest address takes no mail; "" when it does, or there is none. */
const char *seg_undeliverable(const struct seg_profile *profile);

/*
 * Takes in the bounces of the same person under another id; addresses and moments are united
 * before.  Of two hard bounces that about the newest address is kept.
 */
void seg_bounces_unite(struct seg_profile *profile, const struct seg_profile *with);

#endif
