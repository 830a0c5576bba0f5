/*
 * stays.h - programmes that depend on when an order takes place: a stay, an
 * appointment.
 *
 * Each order with a date sets such a programme off once, at an instant that
 * the trigger counts from that date.  Orders usually tell their date early.  If
 * the instant had passed before the date was told, the programme is made up for
 * while the date is still to come, and not at all after it: importing old
 * bookings sets nothing off.
 */
#ifndef NURTURE_SEGMENTER_RULES_STAYS_H
#define NURTURE_SEGMENTER_RULES_STAYS_H

#include "services/segmenter/profile/decision.h"

/* The date from which the trigger counts; trigger_is_order_date() must hold. */
enum seg_order_date_kind seg_stay_kind(const struct trigger *trigger);

/* When the trigger's programme is due for an order of that date. */
int64_t seg_stay_instant_ms(const struct seg_decision *decision, const struct trigger *trigger,
			    int64_t date_ms);

/*
 * Returns when the programme must be set off for the order: now or earlier when it is due, NEVER_MS
 * when it was set off already or never will be.
 */
int64_t seg_stay_due_ms(const struct seg_decision *decision, const struct trigger *trigger,
			const struct seg_order *order);

/* Was the programme set off for the date as it was before it moved? */
bool seg_stay_was_due(const struct seg_decision *decision, const struct trigger *trigger,
		      const struct seg_order_date *before);

/* Stores that everything due until now has been set off. */
void seg_stays_done(struct seg_decision *decision);

#endif
