/* config_policy.c - the policy file with its time zones.  See config.h. */
#include <stdlib.h>

#include "common/io/process/metrics.h"
#include "common/policy/policy.h"
#include "config.h"
#include "zoneinfo.h"

enum { POLICY_MAX_BYTES = 1024 * 1024 };

static void tell_hash(const char *hash)
{
	metric_set(metric_gauge_with("nurture_policy_info", metric_label("hash", hash),
				     "Always 1; the label is the hash of the policy that "
				     "decides, as on every outcome."),
		   1);
}

int config_policy(const struct common_config *config, const char *const *templates,
		  const struct policy **ret, struct err *err)
{
	struct policy *policy;
	struct zones *zones;
	char *text;
	size_t len;
	int result;

	if (file_read(config->policy_file, POLICY_MAX_BYTES, &text, &len, err) < 0)
		return err_prefix(err, "NURTURE_POLICY");
	if (zoneinfo_load(config->zoneinfo, &zones, err) < 0) {
		free(text);
		return -1;
	}
	result =
	    policy_load(slice_of(text, len), config->policy_file, zones, templates, &policy, err);
	free(text);
	if (result < 0) {
		zones_free(zones);
		err->kind = ERR_CONFIG; /* whatever was wrong, a restart does not mend it */
		return -1;
	}
	*ret = policy;
	tell_hash(policy->hash);
	return 0;
}
