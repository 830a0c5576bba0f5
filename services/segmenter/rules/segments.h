/* segments.h - which segments a customer is in, and when time alone may change that. */
#ifndef NURTURE_SEGMENTER_RULES_SEGMENTS_H
#define NURTURE_SEGMENTER_RULES_SEGMENTS_H

#include "services/segmenter/profile/decision.h"

/* Fills was_in from the profile, and is_in from the conditions that hold now. Needs facts. */
void seg_segments_decide(struct seg_decision *decision);
/* Stores is_in in the profile, by name. */
void seg_segments_note(struct seg_decision *decision);

/* Is the customer in a segment now? Only between seg_segments_decide() and the end of the step. */
bool seg_segment_holds(const struct seg_decision *decision, unsigned index);

/*
 * The earliest instant after now at which the passing of time can change a
 * segment; NEVER_MS when only an event can.
 */
int64_t seg_segments_next_change_ms(const struct seg_decision *decision);

#endif
