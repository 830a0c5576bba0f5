/*
 * programmes.h - what an event, a segment or a date sets off, and what it ends.
 */
#ifndef NURTURE_SEGMENTER_RULES_PROGRAMMES_H
#define NURTURE_SEGMENTER_RULES_PROGRAMMES_H

#include "services/segmenter/profile/decision.h"

/* Ends waiting requests whose reason has gone. Before seg_programmes_run(). */
void seg_programmes_cancel(struct seg_decision *decision);
/* Emits the requests of every programme that this step sets off, in the policy's order. */
void seg_programmes_run(struct seg_decision *decision);
/* The first instant at or after from_ms at which a date programme may be set off, or NEVER_MS. */
int64_t seg_programmes_date_ms(struct seg_decision *decision, int64_t from_ms);

#endif
