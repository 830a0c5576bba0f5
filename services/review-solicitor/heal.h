/*
 * heal.h - a ladder from a time when claims were believed without bound: with
 * the wall clock, a stored time of later than the record that has just
 * arrived counts as just before it.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_HEAL_H
#define NURTURE_REVIEW_SOLICITOR_HEAL_H

#include "wire.h"

void sol_ladder_heal(struct sol_ladder *ladder, int64_t arrived_ms);

#endif
