/*
 * settings.h - the settings of the review-solicitor.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_SETTINGS_H
#define NURTURE_REVIEW_SOLICITOR_SETTINGS_H

#include "common/io/config/config.h"
#include "common/token/token_keys.h"
#include "services/review-solicitor/pages/site.h"
#include "step.h"

struct sol_config {
	struct common_config common;
	const char *token_key, *token_key_before;
	struct token_keys keys;
	char events_topic[256]; /* with its prefix */
	int64_t pages_per_address;
	const char *pages_directory, *words_directory;
	struct web_site site;
};

/*
 * Reads and checks all settings, the policy and the pages included; with --check-config the program
 * ends after that.
 */
int sol_config_load(int argc, char **argv, struct sol_config *config, struct solicitor *ret,
		    struct err *err);

#endif
