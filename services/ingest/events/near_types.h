/*
 * near_types.h - types of events that look like a slip of the pen, each told in the log once.
 *
 * Anybody may publish types of their own, so "order.palced" is taken; but nothing will come of it.
 */
#ifndef NURTURE_INGEST_EVENTS_NEAR_TYPES_H
#define NURTURE_INGEST_EVENTS_NEAR_TYPES_H

#include "batch.h"
#include "common/io/process/log_limit.h"

enum { ING_TYPES_SEEN = 64 };

/* Zeroed to begin with. */
struct ing_near_types {
	_Atomic uint64_t seen[ING_TYPES_SEEN]; /* hashes of types that were looked at */
	struct log_limit limit;
};

void ing_near_types_note(struct ing_near_types *near, const struct ing_batch *batch,
			 const char *source);

#endif
