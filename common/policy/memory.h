/*
 * memory.h - how long the services remember what they decided and what they were told.
 *
 * Two services must agree on each of these times: what one of them still sends, the other one
 * must still be able to recognise.
 */
#ifndef NURTURE_POLICY_MEMORY_H
#define NURTURE_POLICY_MEMORY_H

#include "common/base/civil.h"

/*
 * How long a request is remembered behind its end: a repeat of it changes nothing, what follows it
 * learns how it ended, and a mail that was granted may be retried.  Records of one customer that
 * come late wait in a topic that keeps 7 days, so a day is left beyond that.
 */
#define REQUEST_REMEMBERED_MS (8 * DAY_MS)

/*
 * How long it is remembered that a person was forgotten.  What is kept is the customer's id and
 * the instant, so that an event from before that comes again, or late, brings nobody back.  So it
 * must be longer than any event can still come: nurture.events keeps 28 days, and exports and
 * dead letters that are published again are seldom older than a year.
 */
#define ERASURE_REMEMBERED_MS (400 * DAY_MS)

/* The longest window that anybody may ask for himself: that of an event's preferences. */
#define OWN_WINDOW_MAX_MS (400 * DAY_MS)

#endif
