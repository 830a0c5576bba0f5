/* config_policy.c - the policy file with its time zones.  See config.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The model file stands beside the policy. *ret_text is the caller's; both are NULL: it names none. */
static int read_model(const char *policy_file, struct slice policy, char **ret_file,
		      char **ret_text, size_t *ret_len, struct err *err)
{
	const char *slash = strrchr(policy_file, '/');
	int folder = slash ? (int)(slash + 1 - policy_file) : 0;
	char name[POLICY_MODEL_NAME_MAX + 1];

	*ret_file = *ret_text = NULL;
	policy_model_name(policy, name);
	if (!*name)
		return 0;
	if (asprintf(ret_file, "%.*s%s", folder, policy_file, name) < 0)
		abort();
	if (file_read(*ret_file, POLICY_MAX_BYTES, ret_text, ret_len, err) == 0)
		return 0;
	free(*ret_file);
	return err_prefix(err, "model of %s", policy_file);
}

/* Reads the policy in text with the model that it names. */
static int load(struct slice text, const char *file, const struct zones *zones,
		const char *const *templates, struct policy **ret, struct err *err)
{
	char *model_file, *model_text;
	size_t len = 0;
	struct policy_part model;
	int result;

	if (read_model(file, text, &model_file, &model_text, &len, err) < 0)
		return -1;
	model = (struct policy_part){slice_of(model_text, len), model_file};
	result =
	    policy_load_with(text, file, model_file ? &model : NULL, zones, templates, ret, err);
	free(model_file);
	free(model_text);
	return result;
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
	result = load(slice_of(text, len), config->policy_file, zones, templates, &policy, err);
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
