/*
 * erasure.h - how long a service remembers that a person was forgotten.
 *
 * What it keeps is the customer's id and the instant, so that an event from
 * before that comes again, or late, brings nobody back.  So it must be longer
 * than any event can still come: nurture.events keeps 28 days, and exports and
 * dead letters that are published again are seldom older than a year.
 */
#ifndef NURTURE_POLICY_ERASURE_H
#define NURTURE_POLICY_ERASURE_H

#include "common/base/civil.h"

#define ERASURE_REMEMBERED_MS (400 * DAY_MS)

#endif
