/* wire_answer.h - an answer to another tool as bytes. */
#ifndef NURTURE_SCHEDULER_WIRE_ANSWER_H
#define NURTURE_SCHEDULER_WIRE_ANSWER_H

#include "common/base/arena.h"
#include "common/base/slice.h"
#include "nurture/v1/ledger.pb-c.h"

/* The Answer that another tool is told. */
struct slice sched_answer_encode(const Nurture__V1__KeptAnswer *kept, int64_t now_ms,
				 struct arena *arena);

#endif
