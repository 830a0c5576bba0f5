/* settings.c - see settings.h. */
#include "settings.h"

#include "common/io/config/config_tracing.h"
#include "common/io/config/coupon_files.h"
#include "common/token/coupon_code.h"

static const struct setting settings[] = {SETTING("NURTURE_COUPON_KEY", SECRET, scheduler_config,
						  coupon_key,
						  "Key that signs coupon codes, at least 16 bytes; "
						  "needed when the policy has a signed source."),
					  {0}};

/* Whoever could guess the key could make codes. */
static int take_coupon_key(const struct scheduler_config *config, struct scheduler *scheduler,
			   struct err *err)
{
	const struct policy *policy = scheduler->policy;
	size_t len = strlen(config->coupon_key);

	if (len > 0 && len < COUPON_KEY_MIN_BYTES)
		return err_config(err, "NURTURE_COUPON_KEY: %zu bytes, at least %d are needed", len,
				  COUPON_KEY_MIN_BYTES);
	for (unsigned i = 0; i < policy->coupon_count && len == 0; i++)
		if (policy->coupons[i].kind == COUPON_SIGNED)
			return err_config(err,
					  "NURTURE_COUPON_KEY must be set (or "
					  "NURTURE_COUPON_KEY_FILE): coupons.%s of the policy "
					  "is signed with it",
					  policy->coupons[i].name);
	scheduler->coupon_key = slice_text(config->coupon_key);
	return 0;
}

int scheduler_config_load(int argc, char **argv, struct scheduler_config *config,
			  struct scheduler *scheduler, struct err *err)
{
	const struct setting_table tables[] = {
	    {COMMON_SETTINGS(struct scheduler_config, common, ":8082")},
	    {tracing_settings, offsetof(struct scheduler_config, common.tracing), NULL},
	    {settings, 0, NULL},
	    {0}};

	if (config_load(argc, argv,
			"scheduler - grants, defers or ends what others would like to say", tables,
			config, err) < 0 ||
	    config_policy(&config->common, NULL, &scheduler->policy, err) < 0 ||
	    take_coupon_key(config, scheduler, err) < 0 ||
	    coupon_files_read(scheduler->policy, &scheduler->pools, err) < 0)
		return -1;
	config_end_check(&config->common);
	/* In event time what belongs together arrives at one instant; nobody waits. */
	scheduler->tells_by_id = scheduler->takes_over = config->common.clock == CLOCK_WALL;
	scheduler->settle_ms =
	    config->common.clock == CLOCK_EVENT ? 0 : scheduler->policy->settle_ms;
	scheduler->format = config->common.outcome_format ? OUTCOME_PROTOBUF : OUTCOME_JSON;
	return 0;
}
