/*
 * person.h - who the customer is: addresses and attributes.
 *
 * The newest value wins by the time of its event.  Of two of the same instant
 * the greater text wins, so that no order of arrival matters.
 */
#ifndef NURTURE_SEGMENTER_PERSON_H
#define NURTURE_SEGMENTER_PERSON_H

#include "nurture/v1/event.pb-c.h"
#include "profile.h"

/* Whatever the customer part of an event says, but for consent (consent.h). */
void seg_person_note(struct seg_profile *profile, const Nurture__V1__Customer *customer,
		     int64_t time_ms);

/* The newest address, or "". */
const char *seg_address(const struct seg_profile *profile);

#endif
