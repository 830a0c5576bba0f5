/*
 * contact.h - what the arbiter must know of the person, handed on when it changes.
 */
#ifndef NURTURE_SEGMENTER_RULES_CONTACT_H
#define NURTURE_SEGMENTER_RULES_CONTACT_H

#include "services/segmenter/profile/decision.h"

/* Emits the contact when it differs from the last one, and stores its fingerprint. Needs is_in. */
void seg_contact_emit(struct seg_decision *decision);
/* The contact of somebody who must be forgotten, with all that happened up to erased_ms. */
void seg_contact_emit_erased(struct step *step, int64_t erased_ms);

#endif
