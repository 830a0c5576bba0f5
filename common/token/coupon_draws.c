/* coupon_draws.c - see coupon_draws.h. */
#include "coupon_draws.h"

#include "common/base/hash.h"

typedef Nurture__V1__PoolDraws pool_draws;

uint32_t coupon_share_size(const struct coupon_pool *pool, struct coupon_share share)
{
	uint32_t partition = (uint32_t)share.partition, count = (uint32_t)share.partition_count;

	return pool->count <= partition ? 0 : (pool->count - partition - 1) / count + 1;
}

/* Returns the place in the file, from 0, of the share's code number i, from 0. */
static uint64_t place_of(struct coupon_share share, uint32_t i)
{
	return (uint64_t)i * (uint32_t)share.partition_count + (uint32_t)share.partition;
}

int coupon_draws_decode(struct slice state, struct arena *arena, Nurture__V1__CouponDraws **ret,
			struct err *err)
{
	ProtobufCAllocator memory = arena_protobuf(arena);
	Nurture__V1__CouponDraws *draws =
	    nurture__v1__coupon_draws__unpack(&memory, state.len, state.bytes);
	bool is_good = draws;

	for (size_t i = 0; is_good && i < draws->n_pools; i++)
		is_good = draws->pools[i]->drawn > 0 && draws->pools[i]->name[0];
	if (!is_good)
		return err_environment(err, "the drawn coupons are not readable (%zu bytes)",
				       state.len);
	*ret = draws;
	return 0;
}

struct slice coupon_draws_encode(const Nurture__V1__CouponDraws *draws, struct arena *arena)
{
	uint8_t *bytes = arena_alloc(arena, nurture__v1__coupon_draws__get_packed_size(draws) + 1);

	return slice_of(bytes, nurture__v1__coupon_draws__pack(draws, bytes));
}

/* Does the code that was drawn last stand where it stood? */
static bool fits(const pool_draws *drawn, const struct coupon_pool *pool, struct coupon_share share)
{
	uint64_t place = place_of(share, drawn->drawn - 1);

	return drawn->partitions == (uint32_t)share.partition_count && place < pool->count &&
	       (drawn->last == 0 || hash64(slice_text(pool->codes[place])) == drawn->last);
}

static int explain(const pool_draws *drawn, const char *name, const struct coupon_pool *pool,
		   struct coupon_share share, struct err *err)
{
	uint64_t line = place_of(share, drawn->drawn - 1) + 1;

	if (drawn->partitions != (uint32_t)share.partition_count)
		return err_config(err,
				  "coupons.%s: its codes were dealt among %u partitions, and now "
				  "there are %d: codes could go out twice. Put those that were not "
				  "drawn yet into another file, under another name in the policy",
				  name, drawn->partitions, (int)share.partition_count);
	return err_config(err,
			  "coupons.%s: %s:%llu: expected the code that was drawn from this line, "
			  "found %s: a file of codes may only grow. Put back what was drawn, with "
			  "new codes behind it; or give the new file another name in the policy",
			  name, pool->file, (unsigned long long)line,
			  line <= pool->count ? "another one" : "the file's end before it");
}

/*
 * Finds the draws of a source by its name or, when the source has got another name, by the code
 * that was drawn last, since no code stands in two files.  *ret is NULL when nothing was drawn.
 */
static int find(const Nurture__V1__CouponDraws *draws, const char *name,
		const struct coupon_pool *pool, struct coupon_share share, pool_draws **ret,
		struct err *err)
{
	*ret = NULL;
	for (size_t i = 0; i < draws->n_pools; i++) {
		pool_draws *drawn = draws->pools[i];

		if (strcmp(drawn->name, name) == 0) {
			*ret = drawn;
			return fits(drawn, pool, share) ? 0
							: explain(drawn, name, pool, share, err);
		}
		if (!*ret && fits(drawn, pool, share))
			*ret = drawn;
	}
	return 0;
}

int coupon_draws_count(const Nurture__V1__CouponDraws *draws, const char *name,
		       const struct coupon_pool *pool, struct coupon_share share, uint32_t *ret,
		       struct err *err)
{
	pool_draws *drawn;

	if (find(draws, name, pool, share, &drawn, err) < 0)
		return -1;
	*ret = drawn ? drawn->drawn : 0;
	return 0;
}

int coupon_draws_check(const Nurture__V1__CouponDraws *draws, const struct policy *policy,
		       const struct coupon_pool *pools, struct coupon_share share, uint32_t *ret,
		       struct err *err)
{
	uint32_t count = 0;

	for (unsigned i = 0; i < policy->coupon_count; i++) {
		if (policy->coupons[i].kind == COUPON_POOL &&
		    coupon_draws_count(draws, policy->coupons[i].name, &pools[i], share, &count,
				       err) < 0)
			return -1;
		if (ret)
			ret[i] = policy->coupons[i].kind == COUPON_POOL ? count : 0;
	}
	return 0;
}

static pool_draws *add(Nurture__V1__CouponDraws *draws, struct arena *arena)
{
	pool_draws **pools = arena_alloc(arena, (draws->n_pools + 1) * sizeof(*pools));
	pool_draws *added = arena_alloc(arena, sizeof(*added));

	nurture__v1__pool_draws__init(added);
	if (draws->n_pools > 0)
		memcpy(pools, draws->pools, draws->n_pools * sizeof(*pools));
	pools[draws->n_pools++] = added;
	draws->pools = pools;
	return added;
}

int coupon_draw(Nurture__V1__CouponDraws *draws, const char *name, const struct coupon_pool *pool,
		struct coupon_share share, struct arena *arena, const char **ret, struct err *err)
{
	pool_draws *drawn;
	uint64_t place;

	if (find(draws, name, pool, share, &drawn, err) < 0)
		return -1;
	place = place_of(share, drawn ? drawn->drawn : 0);
	if (place >= pool->count)
		return 0;
	if (!drawn)
		drawn = add(draws, arena);
	drawn->name = arena_text(arena, name);
	drawn->drawn++;
	drawn->partitions = (uint32_t)share.partition_count;
	drawn->last = hash64(slice_text(pool->codes[place]));
	*ret = pool->codes[place];
	return 1;
}

void coupon_draws_deal(Nurture__V1__CouponDraws *draws, int32_t before, int32_t after,
		       int32_t partition)
{
	uint32_t times = (uint32_t)(after / before), place = (uint32_t)(partition / before);
	size_t kept = 0;

	for (size_t i = 0; i < draws->n_pools; i++) {
		pool_draws *pool = draws->pools[i];
		uint32_t drawn = pool->drawn;

		pool->drawn = drawn > place ? (drawn - place - 1) / times + 1 : 0;
		pool->partitions = (uint32_t)after;
		/* Another one of the new partitions drew the code that is remembered. */
		if ((drawn - 1) % times != place)
			pool->last = 0;
		if (pool->drawn > 0)
			draws->pools[kept++] = pool;
	}
	draws->n_pools = kept;
}
