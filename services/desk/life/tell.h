/* tell.h - what leaves the desk: ends, notices, the event of a second way.  Pure. */
#ifndef NURTURE_DESK_LIFE_TELL_H
#define NURTURE_DESK_LIFE_TELL_H

#include "services/desk/decision.h"

/* Verdict's reason: the task had expired before the desk heard of it, so nobody knows more. */
#define DSK_REASON_UNHEARD "unheard"

/* How a task ended; borrowed, "" where nothing is said. */
struct dsk_verdict {
	const char *status; /* END_DONE and so on */
	const char *result, *by, *reason;
};

/*
 * Tells the task's end, and takes it off the book: the pointer is the next task's then.  One that
 * nobody did in time is told to its team's people as well, unless it is only history; and one that nobody could do sets off
 * the event that the policy names.
 */
void dsk_end(struct dsk_decision *decision, Nurture__V1__DeskTask *task,
	     const struct dsk_verdict *verdict);
/* One more than the book has room for ends the oldest: nobody has looked at it for long. */
void dsk_make_room(struct dsk_decision *decision);
/* Tells `to` of the task; kind is NOTICE_REMINDER and so on, step the escalation's, from 1. */
void dsk_notice(struct dsk_decision *decision, const Nurture__V1__DeskTask *task, const char *kind,
		const char *to, unsigned step);

#endif
