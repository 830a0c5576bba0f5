/*
 * stays.h - programmes that hang on when an order takes place: a stay, an
 * appointment.
 *
 * Each order with a date sets such a programme off once, at an instant that
 * the trigger counts from that date.  An order tells its date early as a rule.
 * When the instant had passed before anybody said so, the programme is made up
 * for as long as the date itself is still to come, and not at all after that:
 * an import of old bookings sets nothing off.
 */
#ifndef NURTURE_SEGMENTER_RULES_STAYS_H
#define NURTURE_SEGMENTER_RULES_STAYS_H

#include "services/segmenter/profile/decision.h"

/* The date that the trigger hangs on; trigger_is_order_date() must hold. */
enum seg_order_date_kind seg_stay_kind(const struct trigger *trigger);

/* When the trigger's programme is due for an order of that date. */
int64_t seg_stay_instant_ms(const struct seg_decision *decision, const struct trigger *trigger,
			    int64_t date_ms);

/*
 * When the programme is to be set off for the order: now or earlier when that
 * is due, NEVER_MS when it was, or never is.
 */
int64_t seg_stay_due_ms(const struct seg_decision *decision, const struct trigger *trigger,
			const struct seg_order *order);

/* Was it set off for the date as it stood before it moved? */
bool seg_stay_was_due(const struct seg_decision *decision, const struct trigger *trigger,
		      const struct seg_order_date *before);

/* Everything that was due until now has been set off. */
void seg_stays_done(struct seg_decision *decision);

#endif
