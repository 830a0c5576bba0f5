/*
 * items.h - what a customer has said: kept with the ladder, told on nurture.feedback.  Pure.
 *
 * Each change of an item is a record of its own there, keyed by customer and item; the newest one
 * of a key is the item.  What no longer is kept here leaves the topic, too, so that an erasure
 * finds all there is.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_ITEMS_H
#define NURTURE_REVIEW_SOLICITOR_ITEMS_H

#include "common/stream/step.h"
#include "nurture/v1/event.pb-c.h"
#include "wire.h"

/* feedback.received, review.published: what was said, once however often it is told. */
void sol_items_hear(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);
/* feedback.tagged, .answered, .archived: what the shop's people do with it. */
void sol_items_change(struct step *step, struct sol_ladder *ladder,
		      const Nurture__V1__Event *event);
/* Takes all of them off the topic: the person was erased, or they go on under another id. */
void sol_items_take_away(struct step *step, const struct sol_ladder *ladder);
/* Tells under this customer what another one, who goes on as this one, had said. */
void sol_items_unite(struct step *step, struct sol_ladder *ladder, const struct sol_ladder *other,
		     const char *from);

#endif
