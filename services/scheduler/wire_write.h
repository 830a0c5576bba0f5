/* wire_write.h - the ledger to bytes. */
#ifndef NURTURE_SCHEDULER_WIRE_WRITE_H
#define NURTURE_SCHEDULER_WIRE_WRITE_H

#include "common/base/arena.h"
#include "ledger.h"

/*
 * Leaves out candidates that are gone. Returns an empty slice when there is nothing left. The
 * ledger's words become those of the bytes.
 */
struct slice sched_ledger_encode(struct sched_ledger *ledger, struct arena *arena);

#endif
