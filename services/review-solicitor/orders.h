/*
 * orders.h - what the events of an order mean for the asks about it.  Pure.
 *
 * An order is asked about once: when all of it is there, and as long as all of it has
 * not been cancelled or given back (common/policy/refund.h, parcels.h).
 */
#ifndef NURTURE_REVIEW_SOLICITOR_ORDERS_H
#define NURTURE_REVIEW_SOLICITOR_ORDERS_H

#include "common/stream/step.h"
#include "nurture/v1/event.pb-c.h"
#include "wire.h"

/* The order that an event names, or "". */
const char *sol_order_named(const Nurture__V1__Event *event);

void sol_on_placed(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);
void sol_on_updated(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);
void sol_on_shipped(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);
void sol_on_delivered(struct step *step, struct sol_ladder *ladder,
		      const Nurture__V1__Event *event);
void sol_on_cancelled(struct step *step, struct sol_ladder *ladder,
		      const Nurture__V1__Event *event);
void sol_on_refunded(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);
void sol_on_late(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);

#endif
