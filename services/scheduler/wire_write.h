/* wire_write.h - the ledger to bytes. */
#ifndef NURTURE_SCHEDULER_WIRE_WRITE_H
#define NURTURE_SCHEDULER_WIRE_WRITE_H

#include "common/base/arena.h"
#include "ledger.h"

/* Candidates that are gone are left out. An empty slice when there is nothing left. */
struct slice sched_ledger_encode(const struct sched_ledger *ledger, struct arena *arena);

#endif
