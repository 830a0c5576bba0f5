/*
 * step.h - what became of every task that people were given.  Pure.
 *
 * - A task is opened by nurture.tasks, once, and has one end: done, failed, cancelled or expired.
 * - Until then its people are reminded, and others hear of it in steps, in working hours only.
 * - Tasks and events are two topics: a word about a task that is not known yet waits for it.
 *
 * - By the wall clock a desk that was away is patient first: as long as it was late, at most
 *   DSK_PATIENCE_MS, nothing is told or ended by time alone, for it may have been done meanwhile.
 *
 * Events that cannot be read are passed over here: the segmenter reads the same topic and owns its
 * dead letters.
 */
#ifndef NURTURE_DESK_STEP_H
#define NURTURE_DESK_STEP_H

#include "common/policy/policy.h"
#include "common/stream/step.h"

/* The context of a step. */
struct dsk_service {
	const struct policy *policy;
	const char *console_url; /* where people see the console; NULL, "": nobody says */
	/* Inputs are not merged by time: what was said may be read after what it is about is due. */
	bool is_wall;
};

enum { DSK_EVENTS, DSK_TASKS, DSK_HANDED };                    /* inputs */
enum { DSK_ENDS, DSK_NOTICES, DSK_EVENTS_OUT, DSK_HANDOVERS }; /* outputs */
/* An effect is a DeskEffect: an end to be counted, or a notice to be posted, of which a DeskPosted comes. */

/* A step_function.  -1 for a task that cannot be read, or a state that cannot be. */
int dsk_step(struct step *step, struct err *err);

#endif
