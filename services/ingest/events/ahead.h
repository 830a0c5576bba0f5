/*
 * ahead.h - sources whose clock is ahead: counted by source, and said once of each.
 *
 * Their events are taken; what they claim counts for no more than the arrival
 * (common/message/event_authority.h).  Thread-safe.
 */
#ifndef NURTURE_INGEST_EVENTS_AHEAD_H
#define NURTURE_INGEST_EVENTS_AHEAD_H

#include <stdatomic.h>
#include <stdbool.h>

#include "services/ingest/counts.h"

struct ing_ahead {
	const struct ing_sources *sources;
	const struct ing_counts *counts;
	_Atomic int64_t most_ms[ING_SOURCES_MAX];
	atomic_bool was_said[ING_SOURCES_MAX];
};

/* An event of that source came at now_ms and claims event_ms. */
void ing_ahead_note(struct ing_ahead *ahead, size_t source, int64_t event_ms, int64_t now_ms);

#endif
