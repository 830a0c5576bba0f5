/*
 * asks.h - what the review-solicitor says to the scheduler: please ask, please
 * do not ask any more, somebody please call.  Pure.
 *
 * Ids are functions of customer, order and rung, so they need not be stored.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_ASKS_H
#define NURTURE_REVIEW_SOLICITOR_ASKS_H

#include "common/base/hash.h"
#include "common/policy/policy.h"
#include "common/stream/step.h"
#include "wire.h"

#define SOL_PROGRAMME "feedback"

/*
 * What a question is about when no order is known: an order id cannot begin
 * with this, and it never leaves the service.
 */
#define SOL_NO_ORDER "\x1f"

/* The first rung's name: asked per order. */
const char *sol_first_rung(const struct feedback *rules);

/* what: a rung, "reminder:1", "low". */
void sol_ask_id(char id[ID_TEXT_BYTES], const char *what, const char *customer, const char *order);

/* The ask about the order or, when it has reminders, the newest of them, which follows the one before
 * by remind_after. */
void sol_emit_ask(struct step *step, const struct sol_order *order);
void sol_emit_rung(struct step *step, const char *rung, const char *order, int64_t triggered_ms);
void sol_emit_task(struct step *step, const char *order, int score, const char *comment,
		   int64_t triggered_ms);

/* Ends the request of that id. asked_as: of the order or the rung. */
void sol_emit_cancel(struct step *step, const char *what, const char *order, const char *asked_as,
		     const char *reason);
/* Ends all that we asked about the order. */
void sol_emit_cancel_order(struct step *step, const char *order, const char *reason);

#endif
