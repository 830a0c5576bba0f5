/*
 * Any file of codes: refused, or made again of its codes, which partitions deal
 * out whole.  Any shared state: refused, or it can be drawn from or says why
 * not.  The first byte says which of the two.
 */
#include "common/token/coupon_draws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_file(struct slice text, struct arena *arena)
{
	struct coupon_pool pool;
	uint32_t dealt = 0;
	size_t bytes = 0;
	struct err err;

	if (coupon_pool_parse(text, "f", arena, &pool, &err) < 0)
		return;
	for (uint32_t i = 0; i < pool.count; i++) {
		size_t len = strlen(pool.codes[i]);

		if (len == 0 || len > COUPON_POOL_CODE_MAX_BYTES ||
		    !memmem(text.bytes, text.len, pool.codes[i], len))
			__builtin_trap();
		bytes += len;
	}
	for (int32_t p = 0; p < 7; p++)
		dealt += coupon_share_size(&pool, (struct coupon_share){p, 7});
	if (dealt != pool.count || bytes > text.len)
		__builtin_trap();
	(void)coupon_pools_check(&pool, 1, &err);
}

static bool has_unknown(const Nurture__V1__CouponDraws *draws)
{
	bool ret = draws->base.n_unknown_fields > 0;

	for (size_t i = 0; i < draws->n_pools; i++)
		ret = ret || draws->pools[i]->base.n_unknown_fields > 0;
	return ret;
}

static void read_state(struct slice state, struct arena *arena)
{
	static const char *const codes[] = {"A", "B", "C"};
	const struct coupon_pool pool = {"f", codes, 3};
	const struct coupon_share share = {1, 2};
	Nurture__V1__CouponDraws *draws;
	uint32_t count;
	const char *code;
	struct err err;
	int r;

	if (coupon_draws_decode(state, arena, &draws, &err) < 0)
		return;
	r = coupon_draw(draws, "a", &pool, share, arena, &code, &err);
	if (r == 1 &&
	    (strcmp(code, "B") != 0 ||
	     coupon_draws_count(draws, "a", &pool, share, &count, &err) < 0 || count != 1))
		__builtin_trap();
	state = coupon_draws_encode(draws, arena);
	/* protobuf-c reads and writes unknown fields that it cannot read again: number 0. */
	if (!has_unknown(draws) && coupon_draws_decode(state, arena, &draws, &err) < 0)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};

	if (size == 0)
		return 0;
	if (data[0] & 1)
		read_file(slice_of(data + 1, size - 1), &arena);
	else
		read_state(slice_of(data + 1, size - 1), &arena);
	arena_free(&arena);
	return 0;
}
