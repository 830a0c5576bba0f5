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

/* A bounce, and what it is about. */
struct seg_bounce {
	int64_t at_ms; /* what was in use then */
	uint64_t
	    address; /* or, by its hash, the address that it names, if the person has it; 0: none */
};
/*
 * When the bounce names an address that the person had before, it counts as of the last time at which
 * the address was seen.  A bounce that names no address, or none of the person's (as for a forwarded
 * mail), is about the address in use at time_ms.
 */
struct seg_bounce seg_bounce_of(const struct seg_profile *profile, const char *email,
				int64_t time_ms);
void seg_bounce_hard(struct seg_profile *profile, struct seg_bounce bounce);
void seg_bounce_soft(struct seg_profile *profile, struct seg_bounce bounce);
/* Forgets the soft bounces before the newest open or click; called when one was noted. */
void seg_bounces_outlive(struct seg_profile *profile);

/* Why the newest address takes no mail; "" when it does, or there is none. */
const char *seg_undeliverable(const struct seg_profile *profile);

/*
 * A bounce belongs to an address.  Which one that is depends on when each was in use, so it must be
 * noted before the addresses of two ids are united.  Returns the address, by its hash, that the soft
 * bounces are about which are left; 0: there are none.
 */
uint64_t seg_bounces_fix(struct seg_profile *profile);
/*
 * Takes in the bounces of the same person under another id, when addresses and moments are united;
 * both were fixed before, with these results.  Of two hard bounces that about the newest address is
 * kept, and no soft one that is about another.
 */
void seg_bounces_unite(struct seg_profile *profile, uint64_t soft_about,
		       const struct seg_profile *with, uint64_t other_soft_about);

#endif
