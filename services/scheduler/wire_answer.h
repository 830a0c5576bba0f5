/* wire_answer.h - one answer to another tool as bytes; for the wire files and answer.c. */
#ifndef NURTURE_SCHEDULER_WIRE_ANSWER_H
#define NURTURE_SCHEDULER_WIRE_ANSWER_H

#include "ledger.h"
#include "wire_fields.h"

/* -1: not a KeptAnswer. */
int sched_answer_read(const struct sched_wire_source *source, struct slice packed,
		      struct sched_answer *ret);
/* A KeptAnswer. */
struct slice sched_answer_packed(const struct sched_answer *answer, struct arena *arena);
/* An Answer, as the tool is told. */
struct slice sched_answer_told(const struct sched_answer *answer, int64_t now_ms,
			       struct arena *arena);

#endif
