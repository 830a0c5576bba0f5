/*
 * pending.h - notices on their way to webhooks: told at least once, or given up in the end.  Pure.
 *
 *	waits --its time--> under way --taken--> forgotten
 *	  ^                    |
 *	  +--not taken, or its instance has gone--+--the last attempt--> given up
 *
 * What is under way belongs to the owner of the partition who handed it over.  Another owner hands
 * it over again, under the same id, by which the receiver knows a repeat.
 *
 * Only by the wall clock: a replay tells nobody.
 */
#ifndef NURTURE_DESK_TELL_PENDING_H
#define NURTURE_DESK_TELL_PENDING_H

#include "nurture/v1/notice.pb-c.h"
#include "services/desk/decision.h"

enum { DSK_TELL_ATTEMPTS_MAX = 14 }; /* about 20 hours */
#define DSK_TELL_FIRST_WAIT_MS (30 * SECOND_MS)
#define DSK_TELL_WAIT_MAX_MS (4 * HOUR_MS)
/* How long what is under way is left alone: longer than one attempt takes. */
#define DSK_TELL_LEASE_MS (60 * SECOND_MS)

/*
 * Tells the notice, json on the topic, at each webhook of the team that is to hear it.  name: the
 * customer's, plain; "".
 */
void dsk_tell_add(struct dsk_decision *decision, const Nurture__V1__Notice *notice,
		  const char *name, struct slice json);
/* Hands over what is due. */
void dsk_tell_due(struct dsk_decision *decision);
/* What came of one: a packed DeskPosted.  One that is not known any more changes nothing. */
void dsk_tell_result(struct dsk_decision *decision, struct slice result);
/* When dsk_tell_due() has something to do next; NEVER_MS. */
int64_t dsk_tell_next_ms(const struct dsk_book *book);

#endif
