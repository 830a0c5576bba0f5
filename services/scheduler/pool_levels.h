/*
 * pool_levels.h - what is left of the pools of codes, for those who look after
 * them: a metric per pool over the partitions of this instance, and one line
 * of log when less than a tenth is left somewhere.
 */
#ifndef NURTURE_SCHEDULER_POOL_LEVELS_H
#define NURTURE_SCHEDULER_POOL_LEVELS_H

#include "common/io/process/metrics.h"
#include "common/stream/stream.h"
#include "step.h"

struct pool_level {
	struct metric *left; /* NULL: not a pool */
	bool told;           /* whether the log was told that it runs low */
};

struct pool_levels {
	const struct scheduler *scheduler;
	struct pool_level *items; /* parallel to the policy's coupons */
	int32_t partition_count;
	uint32_t *drawn; /* [partition * coupon_count + coupon] */
};

/* Returns how many pools there are. */
unsigned pool_levels_open(struct pool_levels *ret, const struct scheduler *scheduler);
/* check_shared of the stream; context is the struct pool_levels. */
int pool_levels_check(void *context, int32_t partition, int32_t partition_count,
		      struct slice shared, struct err *err);
/* after_batch of the stream, with the same context. */
int pool_levels_show(void *context, struct stream *stream, struct err *err);
void pool_levels_close(struct pool_levels *levels);

#endif
