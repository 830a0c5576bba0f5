/*
 * heal.h - a profile from a time when claims were believed without bound.
 *
 * With the wall clock nothing has happened later than the record that has
 * just arrived.  A stored time that says so was claimed by a clock that is
 * ahead: it counts as just before, so that it cannot beat what is said now.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_HEAL_H
#define NURTURE_SEGMENTER_PROFILE_HEAL_H

#include "profile.h"

void seg_profile_heal(struct seg_profile *profile, int64_t arrived_ms);

#endif
