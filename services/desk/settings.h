/* settings.h - the settings of the desk. */
#ifndef NURTURE_DESK_SETTINGS_H
#define NURTURE_DESK_SETTINGS_H

#include "common/io/config/config.h"
#include "common/io/smtp/smtp.h"
#include "common/token/token_keys.h"
#include "step.h"
#include "tell/hooks.h"

struct dsk_config {
	struct common_config common;
	const char *hooks_text, *console_url;
	const char *smtp_url, *smtp_user, *smtp_password, *smtp_ca_file;
	int64_t smtp_tls;
	char states_topic[256]; /* with its prefix */
	const char *token_key, *token_key_before;
	struct token_keys keys;
	struct arena arena; /* of the hooks */
	struct dsk_hooks hooks;
};

/*
 * Reads and checks all settings, and the policy; with --check-config the program ends after that.
 */
/* Does somebody get the list of their tasks by mail? */
bool dsk_config_mails(const struct dsk_config *config, const struct desk *desk);
struct smtp_options dsk_config_smtp(const struct dsk_config *config);
int dsk_config_load(int argc, char **argv, struct dsk_config *config, struct dsk_service *ret,
		    struct err *err);

#endif
