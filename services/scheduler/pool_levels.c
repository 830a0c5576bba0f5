/* pool_levels.c - see pool_levels.h. */
#include "pool_levels.h"

#include <stdlib.h>

#include "common/io/process/log.h"
#include "common/token/coupon_draws.h"

enum { LOW_PARTS = 10 };

unsigned pool_levels_open(struct pool_levels *ret, const struct scheduler *scheduler)
{
	const struct policy *policy = scheduler->policy;
	unsigned count = 0;

	*ret = (struct pool_levels){.scheduler = scheduler,
				    .items = calloc(policy->coupon_count + 1, sizeof(*ret->items))};
	if (!ret->items)
		abort();
	for (unsigned i = 0; i < policy->coupon_count; i++) {
		if (policy->coupons[i].kind != COUPON_POOL)
			continue;
		ret->items[i].left = metric_gauge(
		    "nurture_coupons_left", metric_label("pool", policy->coupons[i].name),
		    "Codes of a pool that are left to the partitions of this instance.");
		count++;
	}
	return count;
}

static uint32_t *drawn_by(struct pool_levels *levels, int32_t partition)
{
	return levels->drawn + (size_t)partition * levels->scheduler->policy->coupon_count;
}

static void make_room(struct pool_levels *levels, int32_t partition_count)
{
	size_t columns = levels->scheduler->policy->coupon_count + 1;

	if (levels->drawn)
		return;
	levels->partition_count = partition_count;
	levels->drawn = calloc((size_t)partition_count * columns, sizeof(*levels->drawn));
	if (!levels->drawn)
		abort();
}

int pool_levels_check(void *context, int32_t partition, int32_t partition_count,
		      struct slice shared, struct err *err)
{
	struct pool_levels *levels = context;
	const struct scheduler *scheduler = levels->scheduler;
	Nurture__V1__CouponDraws *draws;
	struct arena arena = {0};
	int r;

	make_room(levels, partition_count);
	r = coupon_draws_decode(shared, &arena, &draws, err);
	if (r == 0)
		r = coupon_draws_check(draws, scheduler->policy, scheduler->pools,
				       (struct coupon_share){partition, partition_count},
				       drawn_by(levels, partition), err);
	arena_free(&arena);
	return r;
}

static void tell_if_low(struct pool_levels *levels, unsigned coupon, int32_t partition,
			uint32_t left, uint32_t size)
{
	struct pool_level *level = &levels->items[coupon];

	if (level->told || (uint64_t)left * LOW_PARTS >= size)
		return;
	level->told = true;
	log_event(LOG_LEVEL_WARN, "coupon_pool_low", "pool",
		  levels->scheduler->policy->coupons[coupon].name, "partition",
		  log_number(partition), "left", log_number(left), "of", log_number(size),
		  "meaning", "put new codes behind the others in its file, and restart", NULL);
}

static void show(struct pool_levels *levels, const struct stream *stream, unsigned coupon)
{
	int64_t sum = 0;

	for (int32_t p = 0; p < levels->partition_count; p++) {
		struct coupon_share share = {p, levels->partition_count};
		uint32_t size, left;

		if (!stream_owner(stream, p))
			continue;
		size = coupon_share_size(&levels->scheduler->pools[coupon], share);
		left = size - drawn_by(levels, p)[coupon];
		sum += left;
		tell_if_low(levels, coupon, p, left, size);
	}
	metric_set(levels->items[coupon].left, sum);
}

int pool_levels_show(void *context, struct stream *stream, struct err *err)
{
	struct pool_levels *levels = context;
	struct slice shared;

	for (int32_t p = 0; p < levels->partition_count; p++)
		if (stream_shared_changed(stream, p, &shared) &&
		    pool_levels_check(levels, p, levels->partition_count, shared, err) < 0)
			return -1;
	for (unsigned i = 0; i < levels->scheduler->policy->coupon_count; i++)
		if (levels->items[i].left)
			show(levels, stream, i);
	return 0;
}

void pool_levels_close(struct pool_levels *levels)
{
	free(levels->items);
	free(levels->drawn);
}
