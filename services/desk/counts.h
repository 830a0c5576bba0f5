/*
 * counts.h - how tasks end, for whoever watches: a metric, and a line of the log for each that
 * nobody did in time.  Those that were history when the desk heard of them are one line a batch.
 */
#ifndef NURTURE_DESK_COUNTS_H
#define NURTURE_DESK_COUNTS_H

#include "common/stream/stream.h"

/* How many ways to end there are, as proto/README.md has them. */
enum { DSK_STATUSES = 4 };

struct dsk_counts {
	struct metric *ends[DSK_STATUSES];
	struct arena arena;
};

void dsk_counts_open(struct dsk_counts *counts);
void dsk_counts_close(struct dsk_counts *counts);
/* stream_options.after_batch: counts the ends of the batch that was committed. */
int dsk_counts_add(void *counts, struct stream *stream, struct err *err);
/* stream_options.yield: an end that was told needs no answer, so there is nothing to hand in. */
int dsk_counts_yield(void *counts, struct err *err);

#endif
