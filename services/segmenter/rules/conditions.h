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

/*
 * What the model says: do its expected orders or its expected money of that life lie in the
 * condition's range, and is the customer in its group?
 */
bool seg_expected_holds(const struct seg_decision *decision, const struct condition *condition);
bool seg_rfm_holds(const struct seg_decision *decision, const struct condition *condition);
/* When time alone changes that. */
int64_t seg_expected_next_change_ms(const struct seg_decision *decision,
				    const struct condition *condition);
int64_t seg_rfm_next_change_ms(const struct seg_decision *decision);

/* The time after the last order beyond which `over_usual_gap` holds. */
int64_t seg_over_gap_ms(const struct seg_decision *decision, const struct condition *condition);

/*
 * The earliest instant after now at which the passing of time can change the
 * condition; NEVER_MS when only an event can.
 */
int64_t seg_condition_next_change_ms(const struct seg_decision *decision,
				     const struct condition *condition);

#endif
