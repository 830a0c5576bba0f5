/*
 * step.h - what became of every task that people were given.  Pure.
 *
 * - A task is opened by nurture.tasks, once, and has one end: done, failed, cancelled or expired.
 * - Until then its people are reminded, and others hear of it in steps, in working hours only.
 * - Tasks and events are two topics: a word about a task that is not known yet waits for it.
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
	const struct policy *policy; /* with a desk */
};

enum { DSK_EVENTS, DSK_TASKS };                 /* inputs */
enum { DSK_ENDS, DSK_NOTICES, DSK_EVENTS_OUT }; /* outputs */
/* An effect is "STATUS TASK ACTION OWNER" of an end, to be counted; nothing comes of it. */

/* A step_function.  -1 for a task that cannot be read, or a state that cannot be. */
int dsk_step(struct step *step, struct err *err);

#endif
