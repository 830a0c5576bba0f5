/* coupon_files.c - the files of codes that a policy names.  See coupon_files.h. */
#include "coupon_files.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "config.h"

/* Beside the policy file. */
static const char *path_of(const struct policy *policy, const char *file, struct arena *arena)
{
	const char *slash = strrchr(policy->file, '/');

	if (!slash)
		return arena_text(arena, file);
	return arena_printf(arena, "%.*s/%s", (int)(slash - policy->file), policy->file, file);
}

static int read_pool(const char *path, struct arena *arena, struct coupon_pool *ret,
		     struct err *err)
{
	char *text;
	size_t len;
	int r;

	if (file_read(path, COUPON_POOL_MAX_BYTES, &text, &len, err) < 0)
		return -1;
	r = coupon_pool_parse(slice_of(text, len), path, arena, ret, err);
	free(text);
	return r;
}

int coupon_files_read(const struct policy *policy, const struct coupon_pool **ret, struct err *err)
{
	struct coupon_pool *pools = calloc(policy->coupon_count + 1, sizeof(*pools));
	struct arena arena = {0};
	int r = 0;

	if (!pools)
		abort();
	for (unsigned i = 0; r == 0 && i < policy->coupon_count; i++) {
		const struct coupon *coupon = &policy->coupons[i];

		if (coupon->kind != COUPON_POOL)
			continue;
		r = read_pool(path_of(policy, coupon->file, &arena), &arena, &pools[i], err);
		if (r < 0)
			err_prefix(err, "coupons.%s", coupon->name);
	}
	if (r == 0)
		r = coupon_pools_check(pools, policy->coupon_count, err);
	if (r < 0) {
		arena_free(&arena);
		free(pools);
		err->kind = ERR_CONFIG;
		return -1;
	}
	*ret = pools; /* the arena's blocks stay, too */
	return 0;
}
