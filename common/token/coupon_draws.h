/*
 * coupon_draws.h - how many codes of each pool a partition has drawn.  Pure.
 *
 * A pool's lines are dealt among the partitions like cards, and each partition
 * draws its own in order.  So it need not remember the codes but only how
 * many, and for that the file may only grow: whatever shows that it did not is
 * ERR_CONFIG, because to go on could mean the same code for two people.
 */
#ifndef NURTURE_TOKEN_COUPON_DRAWS_H
#define NURTURE_TOKEN_COUPON_DRAWS_H

#include "common/policy/policy.h"
#include "coupon_pool.h"
#include "nurture/v1/coupons.pb-c.h"

/* Whose share of the lines. */
struct coupon_share {
	int32_t partition, partition_count;
};
/* How many codes of the pool are dealt to it. */
uint32_t coupon_share_size(const struct coupon_pool *pool, struct coupon_share share);

/* A state of length 0 has drawn nothing. One that is not readable is ERR_ENVIRONMENT. */
int coupon_draws_decode(struct slice state, struct arena *arena, Nurture__V1__CouponDraws **ret,
			struct err *err);
struct slice coupon_draws_encode(const Nurture__V1__CouponDraws *draws, struct arena *arena);

/* How many were drawn, once the file is seen to be the one that they came from. */
int coupon_draws_count(const Nurture__V1__CouponDraws *draws, const char *name,
		       const struct coupon_pool *pool, struct coupon_share share, uint32_t *ret,
		       struct err *err);
/* The same for all pools of the policy (pools is parallel to its coupons); ret may be NULL. */
int coupon_draws_check(const Nurture__V1__CouponDraws *draws, const struct policy *policy,
		       const struct coupon_pool *pools, struct coupon_share share, uint32_t *ret,
		       struct err *err);

/* 1: *ret is the next code, and counted.  0: the share is used up.  -1: as above. */
int coupon_draw(Nurture__V1__CouponDraws *draws, const char *name, const struct coupon_pool *pool,
		struct coupon_share share, struct arena *arena, const char **ret, struct err *err);

/*
 * What one of `after` partitions has drawn of what its parent, partition mod
 * before, had; after is a multiple of before.  Line n was dealt to partition
 * (n - 1) mod before: every (after / before)-th of the parent's is this one's now.
 */
void coupon_draws_deal(Nurture__V1__CouponDraws *draws, int32_t before, int32_t after,
		       int32_t partition);

#endif
