/*
 * coupon_usage.h - what the scheduler's partitions have drawn of the pools of codes.
 * Read from the index in Redis; nothing is written.
 */
#ifndef NURTURE_NURTURECTL_EXPLAIN_COUPON_USAGE_H
#define NURTURE_NURTURECTL_EXPLAIN_COUPON_USAGE_H

#include "common/base/arena.h"
#include "nurture/v1/coupons.pb-c.h"
#include "services/nurturectl/settings.h"

struct drawn {
	int32_t partitions;
	Nurture__V1__CouponDraws **items; /* by partition */
	struct arena arena;
};

/* An index that is behind what was committed is waited for, and is ERR_ENVIRONMENT at last. */
int drawn_read(const struct settings *settings, struct drawn *ret, struct err *err);
void drawn_free(struct drawn *drawn);

#endif
