/*
 * coupon_usage.h - how many codes the scheduler's partitions have drawn from each pool.
 * Reads the index in Redis and writes nothing.
 */
#ifndef NURTURE_NURTURECTL_EXPLAIN_COUPON_USAGE_H
#define NURTURE_NURTURECTL_EXPLAIN_COUPON_USAGE_H

#include "common/base/arena.h"
#include "nurture/v1/coupons.pb-c.h"
#include "services/nurturectl/settings.h"

struct coupon_usage {
	int32_t partitions;
	Nurture__V1__CouponDraws **items; /* by partition */
	struct arena arena;
};

/* Waits for an index that is behind the commits; ERR_ENVIRONMENT when that takes too long. */
int coupon_usage_read(const struct settings *settings, struct coupon_usage *ret, struct err *err);
void coupon_usage_free(struct coupon_usage *usage);

#endif
