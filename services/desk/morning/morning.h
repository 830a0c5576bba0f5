/*
 * morning.h - when each of the shop's people gets the list of their tasks: once, when their work
 * begins.  Pure.
 *
 * A person has a state of their own on the changelog, under a key that no customer has, so that the
 * partition of that key says who sends the list, and a new owner goes on.  The list itself is made
 * when it is sent (digest.h), of all customers.
 */
#ifndef NURTURE_DESK_MORNING_MORNING_H
#define NURTURE_DESK_MORNING_MORNING_H

#include "common/policy/working_hours.h"
#include "common/stream/step.h"
#include "services/desk/step.h"

/* How long a list that is under way is left alone. */
#define DSK_MORNING_LEASE_MS (5 * MINUTE_MS)
/* One that could not be sent is tried again after a minute, two, four, ... */
enum { DSK_MORNING_ATTEMPTS_MAX = 8 };

/* The key of a person's state, in the arena. */
struct slice dsk_morning_key(const char *person, struct arena *arena);
bool dsk_morning_is_key(struct slice key);
/* When the work of these hours begins next, after now; NEVER_MS: within no year. */
int64_t dsk_morning_after_ms(const struct working_hours *hours, int64_t now_ms);
/* When it began last, not after now; 0: within no year. */
int64_t dsk_morning_before_ms(const struct working_hours *hours, int64_t now_ms);
/*
 * A step about a person.  A result that is no DeskPosted asks whether there is a state yet: one for
 * each person is handed in when a partition is taken over.
 */
void dsk_morning_step(struct step *step, const struct dsk_service *service);

#endif
