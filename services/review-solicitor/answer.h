/*
 * answer.h - what follows from somebody's feedback: questions that are
 * answered end, a low score goes to a human, a high one up the ladder.  Pure.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_ANSWER_H
#define NURTURE_REVIEW_SOLICITOR_ANSWER_H

#include "common/wire/event.h"
#include "step.h"
#include "wire.h"

/* feedback.received and review.published. */
void sol_answer(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);
/* referral.made: somebody who did it is not asked to. */
void sol_referred(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event);
/* Nothing more is asked about the order: rungs to come are forgotten.  True when one was asked. */
bool sol_rungs_end(struct sol_ladder *ladder, const char *order);

#endif
