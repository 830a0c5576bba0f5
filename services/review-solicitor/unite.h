/*
 * unite.h - two ladders of one person become one.  Pure.
 *
 * Each order is asked about once, also when both knew it: then it is as far as the one that was
 * farther, and an ask of the other that still waits is taken back.  A rung that was asked under
 * either id was asked.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_UNITE_H
#define NURTURE_REVIEW_SOLICITOR_UNITE_H

#include "common/stream/step.h"
#include "wire.h"

/* Takes the other ladder in, whose customer was `from`; both live in the step's arena. */
void sol_ladder_unite(struct step *step, struct sol_ladder *ladder, const struct sol_ladder *other,
		      const char *from);

#endif
