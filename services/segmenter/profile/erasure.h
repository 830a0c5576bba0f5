/*
 * erasure.h - a person who asked to be forgotten stays forgotten.
 *
 * What is left is a tombstone: the instant, and no personal data.  Nothing
 * that happened up to it counts any more, however late or often it is told;
 * what comes later is a new person's.  A yes that is echoed gives nothing: as
 * if all had been withdrawn at that instant.
 *
 * An event that claims to be later than it arrived cannot be told from a new
 * one by its time when it comes again.  So the ids of those are kept (as
 * hashes) until their time has come, and beyond an erasure with the tombstone.
 * With it is kept the id of the erasure: its repeat changes nothing, and another
 * one is heard whatever time it claims, as who came back may go again.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_ERASURE_H
#define NURTURE_SEGMENTER_PROFILE_ERASURE_H

#include "nurture/v1/event.pb-c.h"
#include "profile.h"

/* An event as it came: before event_arrive() has put its time right. */
struct seg_claim {
	uint64_t hash;      /* of its id */
	int64_t time_ms;    /* that it claims */
	int64_t arrived_ms; /* 0: with the event clock */
};

/* Does the event tell of something that the erasure has ended? */
bool seg_erasure_covers(const struct seg_profile *profile, const Nurture__V1__Event *event,
			const struct seg_claim *claim);
/* Remembers an event that is ahead of its arrival, and forgets those whose time has come. */
void seg_ahead_note(struct seg_profile *profile, const struct seg_claim *claim);

/*
 * What is left of the profile when the person is forgotten at time_ms by an event
 * with that hash; an erasure of before never counts for less than it did.
 */
struct seg_profile *seg_erasure_tombstone(const struct seg_profile *profile, uint64_t hash,
					  int64_t time_ms);
/* Is the profile nothing but a tombstone? */
bool seg_erasure_is_all(const struct seg_profile *profile);
/* When the erasure itself may be forgotten; NEVER_MS without one. */
int64_t seg_erasure_end_ms(const struct seg_profile *profile);
/* Forgets the erasure when that time has come. */
void seg_erasure_expire(struct seg_profile *profile, int64_t now_ms);

/* Leaves to what is left of a merged customer what keeps an erasure under that id forgotten. */
void seg_erasure_keep(struct seg_profile *rest, const struct seg_profile *profile);
/*
 * Takes in which events of the same person were ahead under another id.  An erasure under that id
 * stays there: what is told late of the time before it is refused there (step.c), and what the id
 * that lives knows of that time was never erased.
 */
void seg_ahead_unite(struct seg_profile *profile, const struct seg_profile *with);

#endif
