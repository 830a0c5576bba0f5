/* config_token_keys.c - see config_token_keys.h. */
#include "config_token_keys.h"

#include "common/io/process/metrics.h"

static void tell(struct slice key, const char *use)
{
	char fingerprint[TOKEN_KEY_FINGERPRINT_BYTES];

	token_key_fingerprint(key, fingerprint);
	metric_set(metric_gauge_with("nurture_token_key_info",
				     metric_labels("fingerprint", fingerprint, "use", use),
				     "Always 1; the labels are a fingerprint of a token key, and "
				     "whether it signs or checks."),
		   1);
}

void config_tell_signing_key(const struct token_keys *keys)
{
	if (keys->now.len)
		tell(keys->now, "signs");
}

void config_tell_checking_keys(const struct token_keys *keys)
{
	struct slice key;

	if (!keys->now.len)
		return;
	for (unsigned i = 0; token_keys_at(keys, i, &key); i++)
		tell(key, "checks");
}
