/*
 * person.h - who the customer is: addresses, attributes, consent.
 *
 * The newest value wins by the time of its event.  Of two of the same instant
 * the withdrawal wins, else the greater text, so that no order of arrival matters.
 */
#ifndef NURTURE_SEGMENTER_PERSON_H
#define NURTURE_SEGMENTER_PERSON_H

#include "common/policy/policy.h"
#include "nurture/v1/event.pb-c.h"
#include "profile.h"

/* Whatever the customer part of an event says. */
void seg_person_note(struct seg_profile *profile, const struct policy *policy,
		     const Nurture__V1__Customer *customer, int64_t time_ms);

/* A class of the policy or "all"; others are kept too, within a bound. */
void seg_consent_note(struct seg_profile *profile, const struct policy *policy,
		      const char *message_class, bool given, int64_t time_ms);

enum seg_consent_state { SEG_CONSENT_UNKNOWN, SEG_CONSENT_WITHDRAWN, SEG_CONSENT_GIVEN };
/*
 * What the customer last said of a class.  What is said of "all" counts for
 * classes of which nothing was said; a withdrawal of "all" also ends what was
 * given to a class before it, while a later yes to "all" does not bring back
 * a class that was withdrawn by name.
 */
enum seg_consent_state seg_consent_of(const struct seg_profile *profile, const char *message_class);

/* The newest address, or "". */
const char *seg_address(const struct seg_profile *profile);

#endif
