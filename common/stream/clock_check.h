/*
 * clock_check.h - whether this machine's clock can be right.  Pure.
 *
 * A clock that has jumped ahead would burn all that waits (it has "expired"),
 * and block the partition until the day that it jumped to.  The brokers stamp
 * what we write with their own clocks before it is committed: so every batch
 * is compared with them, and one that was decided at an implausible time is
 * given up.
 */
#ifndef NURTURE_STREAM_CLOCK_CHECK_H
#define NURTURE_STREAM_CLOCK_CHECK_H

#include <stdint.h>

#include "common/base/civil.h"
#include "common/base/err.h"

/* Clocks of machines that are looked after are closer than this. */
#define CLOCK_TOLERANCE_MS (5 * MINUTE_MS)

/*
 * A batch that began at began_ms and was with the brokers at ended_ms, by our
 * clock; they took it at broker_ms by theirs.  -1 with ERR_ENVIRONMENT when
 * these cannot all be right.  However long the batch took is no fault.
 */
int clock_check(int64_t began_ms, int64_t ended_ms, int64_t broker_ms, struct err *err);

/* The same without a broker's time: how far our clock has moved against one that cannot jump. */
int clock_check_drift(int64_t wall_ms, int64_t monotonic_ms, int64_t wall_at_start_ms,
		      int64_t monotonic_at_start_ms, struct err *err);

/* A partition that was decided up to partition_ms is to go on at now_ms. */
int clock_check_partition(int32_t partition, int64_t partition_ms, int64_t now_ms, struct err *err);

#endif
