/*
 * conditions.h - what a policy asks of a customer, and when time alone may
 * change the answer.
 */
#ifndef NURTURE_SEGMENTER_RULES_CONDITIONS_H
#define NURTURE_SEGMENTER_RULES_CONDITIONS_H

#include "services/segmenter/profile/decision.h"

/*
 * Does the condition hold after the event? Score, order amount and order
 * category are the event's own.
 */
bool seg_condition_holds(const struct seg_decision *decision, const struct condition *condition);

/* The time after the last order beyond which `over_usual_gap` holds. */
int64_t seg_over_gap_ms(const struct seg_decision *decision, const struct condition *condition);

/*
 * The earliest instant after now at which the passing of time can change the
 * condition; NEVER_MS when only an event can.
 */
int64_t seg_condition_next_change_ms(const struct seg_decision *decision,
				     const struct condition *condition);

#endif
