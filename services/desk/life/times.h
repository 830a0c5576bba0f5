/*
 * times.h - when a task is due, when its people are reminded, when others hear of it.  Pure.
 *
 *	   from          answer      remind     due     escalate 1   escalate 2        expires
 *	----|---------------|-----------|--------|----------|------------|----------------|-->
 *
 * All but `expires` is working time of the team.  An escalation is counted from the time that was
 * missed: as long as nobody has the task that is `answer`, when the policy asks for one, else `due`.
 * While a task sleeps nothing is told of it; when it wakes up its people are reminded.  Nothing is
 * told out of hours.  `expires` is for the caller: it ends the task, whatever was to be told.
 */
#ifndef NURTURE_DESK_LIFE_TIMES_H
#define NURTURE_DESK_LIFE_TIMES_H

#include "services/desk/decision.h"

/* What is told of a task next. */
enum dsk_telling { DSK_WAKES, DSK_REMINDS, DSK_ESCALATES };

struct dsk_next {
	enum dsk_telling telling;
	int64_t at_ms; /* inside working hours, not before now; NEVER_MS: nothing more */
};

/* By when it is to be over; 0: the policy says nothing but by `expires`. */
int64_t dsk_due_ms(const Nurture__V1__DeskTask *task, const struct dsk_rules *rules);
/* When it is due by the policy's desk, else when it expires; NEVER_MS: neither. */
int64_t dsk_due_or_expires_ms(const struct desk *desk, const Nurture__V1__DeskTask *task);
/*
 * What is told next, and when; not before now_ms, so that what was missed is told at the next
 * working instant.  Reminders whose time was over when the task began are passed over.
 */
struct dsk_next dsk_next(const Nurture__V1__DeskTask *task, const struct dsk_rules *rules,
			 int64_t now_ms);
/* How many reminders have had their time by now_ms: one notice stands for all of them. */
unsigned dsk_reminders_by(const Nurture__V1__DeskTask *task, const struct dsk_rules *rules,
			  int64_t now_ms);

#endif
