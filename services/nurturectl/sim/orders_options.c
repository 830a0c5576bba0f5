/* orders_options.c - see orders_options.h. */
#include "orders_options.h"

#include "common/base/civil.h"

#define AFTER_LAST_MS (60 * DAY_MS)

int orders_open(struct settings *settings, const struct orders_values *values, struct orders *ret,
		int64_t *ret_until_ms, struct err *err)
{
	struct orders_options options = {.file = values->orders,
					 .columns = values->columns,
					 .delivered_after_ms = values->delivered_after_ms};
	bool has_policy = values->policy || settings->common.policy_file[0];
	struct orders orders;

	if ((has_policy || !values->policy_is_optional) &&
	    settings_policy(settings, values->policy, NULL, err) < 0)
		return -1;
	options.currency = settings->policy ? settings->policy->shop.currency : "";
	options.zone = settings->policy ? settings->policy->shop_zone : NULL;
	options.zones = settings->policy ? settings->policy->zones : NULL;
	if (options.delivered_after_ms == OPTION_ABSENT)
		options.delivered_after_ms = -1;
	if (orders_read(&options, &orders, err) < 0)
		return -1;
	if (values->until_ms == OPTION_ABSENT) {
		*ret_until_ms = orders.last_ms + AFTER_LAST_MS;
	} else if (orders_cut(&orders, values->until_ms, err) == 0) {
		*ret_until_ms = values->until_ms;
	} else {
		orders_free(&orders);
		return -1;
	}
	*ret = orders;
	return 0;
}
