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

/* Says which of the partitions draws. */
struct coupon_share {
	int32_t partition, partition_count;
};
/* Returns how many codes of the pool are dealt to the partition. */
uint32_t coupon_share_size(const struct coupon_pool *pool, struct coupon_share share);

/* Reads a state; length 0: nothing was drawn. A state that is not readable is ERR_ENVIRONMENT. */
int coupon_draws_decode(struct slice state, struct arena *arena, Nurture__V1__CouponDraws **ret,
			struct err *err);
struct slice coupon_draws_encode(const Nurture__V1__CouponDraws *draws, struct arena *arena);

/* Tells how many codes were drawn, and refuses a file that is not the one they came from. */
int coupon_draws_count(const Nurture__V1__CouponDraws *draws, const char *name,
		       const struct coupon_pool *pool, struct coupon_share share, uint32_t *ret,
		       struct err *err);
/*
 * Does the same for all pools of the policy; pools is parallel to the policy's coupons, and so is
 * ret, which may be NULL.
 */
int coupon_draws_check(const Nurture__V1__CouponDraws *draws, const struct policy *policy,
		       const struct coupon_pool *pools, struct coupon_share share, uint32_t *ret,
		       struct err *err);

/*
 * Draws the next code of the share.  1: it is in *ret, and counted.  0: the share is used up.
 * -1: the file is refused, as above.
 */
int coupon_draw(Nurture__V1__CouponDraws *draws, const char *name, const struct coupon_pool *pool,
		struct coupon_share share, struct arena *arena, const char **ret, struct err *err);

/*
 * Turns the draws of a parent, partition mod before, into those of one of `after` partitions, a
 * multiple of before.  Line n was dealt to partition (n - 1) mod before, so that every
 * (after / before)-th line of the parent's is now this partition's.
 */
void coupon_draws_deal(Nurture__V1__CouponDraws *draws, int32_t before, int32_t after,
		       int32_t partition);

#endif
