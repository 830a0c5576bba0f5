/*
 * answer.h - what follows from somebody's feedback: questions that are
 * answered end, a low score goes to a human, a high one leads to favours.  Pure.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_ANSWER_H
#define NURTURE_REVIEW_SOLICITOR_ANSWER_H

#include "common/stream/step.h"
#include "nurture/v1/event.pb-c.h"
#include "wire.h"

/* Handles feedback.received and review.published. */
void sol_answer(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);
/* Handles referral.made: somebody who has referred others is not asked to. */
void sol_referred(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);
/*
 * Notes what everybody is asked for after the first rung, whatever they answer
 * and whether they do: rating and review, each its gap after since_ms.
 */
void sol_plan_alike(struct step *step, struct sol_ladder *ladder, const char *order,
		    int64_t since_ms, int64_t triggered_ms);
/* Ends each rung that is about the order by itself, and so not the call. */
void sol_rungs_cancel(struct step *step, struct sol_ladder *ladder, const char *order,
		      const char *reason);
/* Forgets the rungs to come about the order. True when one was asked already. */
bool sol_rungs_end(struct sol_ladder *ladder, const char *order);

#endif
