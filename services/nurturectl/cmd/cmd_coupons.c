/* cmd_coupons.c - a table of each pool of codes: lines, drawn, left, by partition. */
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "common/io/config/coupon_files.h"
#include "common/token/coupon_draws.h"
#include "services/nurturectl/explain/coupon_usage.h"

struct coupons_values {
	const char *policy;
};

static const struct command_option options[] = {
    {"policy", OPTION_TEXT, offsetof(struct coupons_values, policy), "FILE", NULL, false, 0, 0,
     "whose pools; default NURTURE_POLICY"},
    {0}};

static void print_line(const char *name, const char *partition, uint32_t lines, uint32_t drawn)
{
	printf("%-20s %9s %10" PRIu32 " %10" PRIu32 " %10" PRIu32 "%s\n", name, partition, lines,
	       drawn, lines - drawn, lines > 0 && lines == drawn ? "  used up" : "");
}

static int print_pool(const char *name, const struct coupon_pool *pool,
		      const struct coupon_usage *usage, struct err *err)
{
	uint32_t sum = 0, count;
	char partition[16];

	for (int32_t p = 0; p < usage->partitions; p++) {
		const struct coupon_share share = {p, usage->partitions};

		if (coupon_draws_count(usage->items[p], name, pool, share, &count, err) < 0)
			return -1;
		snprintf(partition, sizeof(partition), "%d", (int)p);
		print_line(name, partition, coupon_share_size(pool, share), count);
		sum += count;
	}
	print_line(name, "all", pool->count, sum);
	return 0;
}

static int print_pools(const struct policy *policy, const struct coupon_pool *pools,
		       const struct coupon_usage *usage, struct err *err)
{
	printf("%-20s %9s %10s %10s %10s\n", "POOL", "PARTITION", "LINES", "DRAWN", "LEFT");
	for (unsigned i = 0; i < policy->coupon_count; i++)
		if (policy->coupons[i].kind == COUPON_POOL &&
		    print_pool(policy->coupons[i].name, &pools[i], usage, err) < 0)
			return -1;
	return 0;
}

static bool has_pool(const struct policy *policy)
{
	for (unsigned i = 0; i < policy->coupon_count; i++)
		if (policy->coupons[i].kind == COUPON_POOL)
			return true;
	return false;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct coupons_values *values = call->values;
	const struct coupon_pool *pools;
	struct coupon_usage usage;
	int r;

	if (settings_policy(call->settings, values->policy, NULL, err) < 0 ||
	    coupon_files_read(call->settings->policy, &pools, err) < 0)
		return -1;
	if (!has_pool(call->settings->policy)) {
		puts("the policy has no pool of codes");
		return 0;
	}
	if (coupon_usage_read(call->settings, &usage, err) < 0)
		return -1;
	r = print_pools(call->settings->policy, pools, &usage, err);
	coupon_usage_free(&usage);
	return r;
}

const struct command cmd_coupons = {
    .name = "coupons",
    .line = "how many codes of each pool are left?",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct coupons_values),
    .text =
	"The lines of a pool's file are dealt among the partitions: line n to (n - 1) mod\n"
	"partitions. A partition that has drawn all of its own gives no more, whatever is left\n"
	"to others. A file that is not what was drawn from is an error (exit 100), as it is for\n"
	"the scheduler.",
    .run = run,
};
