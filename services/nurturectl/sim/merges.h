/*
 * merges.h - the customer.merged events of a file, resolved before anything of it is decided.
 *
 * On the event clock nothing can be handed from one customer to another at an instant, since every
 * partition has a clock of its own.  But a file is known to its end: whoever goes on under another
 * id there has had that id from the beginning.  Simulation and replay read every event so, and stay
 * equal.
 */
#ifndef NURTURE_NURTURECTL_SIM_MERGES_H
#define NURTURE_NURTURECTL_SIM_MERGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "nurture/v1/event.pb-c.h"

struct merge {
	const char *from, *into;
	int64_t time_ms,
	    erased_ms; /* erased_ms: the last erasure of from before that; INT64_MIN: none */
};
struct merges {
	const struct merge *items; /* by from, each once */
	size_t count;
};

/*
 * Reads the merges of a file of events, packed or not; *ret lives in the arena, and is NULL when
 * there are none.  Lines that cannot be read are left to whoever reads the events.
 */
int merges_read(const char *path, struct arena *arena, const struct merges **ret, struct err *err);

/*
 * The id under which the customer lives in the end: chains are followed, of several words about one
 * id the newest counts, and a circle lives under the id that its newest merge named, as between
 * services (common/message/handover.h).  merges may be NULL.
 */
const char *merges_living(const struct merges *merges, const char *id);

/*
 * Makes the event one of that customer, and true when that changed it.  A merge itself is what it
 * tells of the customer besides.  What an erasure before the merge has forgotten stays where it was,
 * and so does the erasure: the id that lives was not erased (docs/erasure.md).
 */
bool merges_apply(const struct merges *merges, Nurture__V1__Event *event);

#endif
