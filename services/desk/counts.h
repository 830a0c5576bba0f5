/*
 * counts.h - how tasks end, for whoever watches: a metric, and a line of the log for each that
 * nobody did in time, or that came to what the policy has no name for.  Those that were history when the desk heard of them are one line a batch.
 */
#ifndef NURTURE_DESK_COUNTS_H
#define NURTURE_DESK_COUNTS_H

#include "common/base/arena.h"
#include "common/base/slice.h"

/* How many ways to end there are, as proto/README.md has them. */
enum { DSK_STATUSES = 4 };

struct metric;
struct desk;

struct dsk_counts {
	const struct desk *desk;
	struct metric *ends[DSK_STATUSES], *strange, *given_up;
	unsigned unheard; /* since dsk_counts_tell() */
	struct arena arena;
};

/* The desk outlives them. */
void dsk_counts_open(struct dsk_counts *counts, const struct desk *desk);
/* An end of a batch that was committed, as it is on the topic. */
void dsk_counts_end(struct dsk_counts *counts, struct slice end);
/* A notice that a webhook did not take. */
void dsk_counts_given_up(struct dsk_counts *counts, const char *hook, const char *notice);
/* At the end of a batch. */
void dsk_counts_tell(struct dsk_counts *counts);
void dsk_counts_close(struct dsk_counts *counts);

#endif
