/* counts.h - what ingest counts.  Labels are the configured sources and fixed words. */
#ifndef NURTURE_INGEST_COUNTS_H
#define NURTURE_INGEST_COUNTS_H

#include "services/ingest/events/batch.h"
#include "common/io/process/metrics.h"
#include "source.h"

#define ING_REFUSALS(X)                                                                            \
	X(UNAUTHORIZED, "unauthorized")                                                            \
	X(FORBIDDEN, "forbidden")                                                                  \
	X(MEDIA_TYPE, "media_type")                                                                \
	X(MALFORMED, "malformed")                                                                  \
	X(RATE, "rate") X(OVERLOAD, "overload") X(UNAVAILABLE, "unavailable")
enum ing_refusal {
#define X(name, text) ING_REFUSED_##name,
	ING_REFUSALS(X)
#undef X
	    ING_REFUSAL_COUNT
};

/* What became of questions and of reports about permits. */
#define ING_PERMIT_ENDS(X)                                                                         \
	X(PERMITTED, "permitted")                                                                  \
	X(REFUSED, "refused")                                                                      \
	X(RELEASED, "released")                                                                    \
	X(INVALID, "invalid") X(TIMEOUT, "timeout") X(FAILED, "failed") X(REPORTED, "reported")
enum ing_permit_end {
#define X(name, text) ING_PERMIT_##name,
	ING_PERMIT_ENDS(X)
#undef X
	    ING_PERMIT_END_COUNT
};

struct ing_counts {
	struct metric *events[ING_SOURCES_MAX][ING_STATUS_COUNT];
	struct metric *bytes[ING_SOURCES_MAX];
	struct metric *ahead[ING_SOURCES_MAX], *most_ahead[ING_SOURCES_MAX];
	struct metric *refused[ING_REFUSAL_COUNT]; /* whole requests */
	struct metric *seconds, *in_flight;
	struct metric *old_count; /* 1: the topic has grown since the start */
	struct metric *permits[ING_PERMIT_END_COUNT];
	struct metric *permit_seconds, *permits_waiting;
};

/* Clocks that are right differ by less. */
enum { ING_AHEAD_TOLERANCE_MS = 2000 };

void ing_counts_register(struct ing_counts *counts, const struct ing_sources *sources);

#endif
