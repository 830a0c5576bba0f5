/*
 * pace.h - how many records and timers the next batch may take.  Pure.
 *
 * A batch is one transaction, which a broker gives up after some seconds
 * (kafka_put.c): one that takes longer is lost with its service, and so would the
 * same batch be after every restart.  What a step costs depends on what is known
 * of its customer, so the time that batches take says how long the next may be.
 */
#ifndef NURTURE_STREAM_PACE_H
#define NURTURE_STREAM_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PACE_FIRST = 1000, /* of a service that has just been started */
	PACE_LEAST = 100,
	PACE_SLOW_MS = 2000,
	PACE_QUICK_MS = 500,
};

/*
 * The pace of the next batch. pace is what the last batch was allowed; is_full says that it took
 * all of it.
 */
size_t pace_next(size_t pace, size_t most, int64_t took_ms, bool is_full);

#endif
