/*
 * outcome_counts.h - what the arbiter decides, as metrics: by programme, and by the rule that held
 * something back or ended it.
 *
 * A decision only says what is to be counted (sched_note()); the loop counts it when it carries the
 * decision out.
 */
#ifndef NURTURE_SCHEDULER_OUTCOME_COUNTS_H
#define NURTURE_SCHEDULER_OUTCOME_COUNTS_H

#include "step.h"

/* Of one outcome, or of a grant. */
struct sched_note {
	const char *programme; /* "other" of another tool, which may call one anything */
	const char *status;    /* "deferred", "expired", ..., "granted" */
	const char *rule;      /* "week", "quiet_hours", ...; "" when none was asked */
};

/* note_output of the stream: note is a struct sched_note; the context is not looked at. */
void outcome_counts_note(void *loop_context, const void *note);

#endif
