/* wire_read.h - the ledger from bytes. */
#ifndef NURTURE_SCHEDULER_WIRE_READ_H
#define NURTURE_SCHEDULER_WIRE_READ_H

#include "common/base/arena.h"
#include "ledger.h"

/*
 * An empty slice is an empty ledger.  Classes are looked up by name in the
 * policy.  Of mails' requests the data for the template is not read.
 */
int sched_ledger_decode(struct slice bytes, const struct policy *policy, struct arena *arena,
			struct sched_ledger *ret, struct err *err);

#endif
