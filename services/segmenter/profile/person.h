/*
 * person.h - who the customer is: addresses and attributes.
 *
 * The newest value wins by the time of its event.  Of two of the same instant
 * the greater text wins, so that no order of arrival matters.  An attribute that
 * the person chose on a page of ours is taken back by a newer choice alone, and
 * by no echo (docs/authority.md).
 */
#ifndef NURTURE_SEGMENTER_PROFILE_PERSON_H
#define NURTURE_SEGMENTER_PROFILE_PERSON_H

#include "nurture/v1/event.pb-c.h"
#include "profile.h"

/*
 * Takes in what the customer part of an event says, but for consent (consent.h). The event must
 * have one.
 */
void seg_person_note(struct seg_profile *profile, const Nurture__V1__Event *event);

/* The newest address, or "". */
const char *seg_address(const struct seg_profile *profile);

/* Takes in what is known of the same person under another id, as if all had been told here. */
void seg_person_unite(struct seg_profile *profile, const struct seg_profile *with);

#endif
