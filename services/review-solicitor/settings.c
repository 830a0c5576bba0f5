/* settings.c - see settings.h. */
#include "settings.h"

#include <stdio.h>

#include "common/io/config/config_token_keys.h"
#include "common/token/token_keys.h"
#include "common/io/config/config_tracing.h"

static const struct setting settings[] = {
    SETTING(TOKEN_KEY_SETTING, SECRET, sol_config, token_key,
	    "Keys of the links in mails, one a line of at least 16 bytes, the same for all "
	    "services: the first signs, all are good.",
	    REQUIRED),
    SETTING(TOKEN_KEY_BEFORE_SETTING, SECRET, sol_config, token_key_before, TOKEN_KEY_BEFORE_TEXT),
    SETTING("NURTURE_PAGES_PER_ADDRESS", INT, sol_config, pages_per_address,
	    "Forms that one address may send a minute, a proxy being one; 0 is any number.",
	    BETWEEN(0, 1000000), DEFAULT("600")),
    SETTING(
	"NURTURE_PAGES", TEXT, sol_config, pages_directory,
	"Directory of the shop's own pages (feedback.mustache, ...); what is not there is ours."),
    SETTING("NURTURE_WORDS", TEXT, sol_config, words_directory,
	    "Directory of the shop's own words and languages (de.yaml, fr.yaml, ...); what is not "
	    "there is ours."),
    {0}};

int sol_config_load(int argc, char **argv, struct sol_config *config, struct solicitor *ret,
		    struct err *err)
{
	const struct setting_table tables[] = {
	    {common_settings, offsetof(struct sol_config, common), ":8084"},
	    {tracing_settings, offsetof(struct sol_config, common.tracing), NULL},
	    {settings, 0, NULL},
	    {0}};

	if (config_load(argc, argv,
			"review-solicitor - asks everybody for feedback at the right moment",
			tables, config, err) < 0)
		return -1;
	if (token_keys_read(config->token_key, config->token_key_before, &config->keys, err) < 0)
		return -1;
	ret->token_key = config->keys.now;
	config_tell_signing_key(&config->keys);
	config_tell_checking_keys(&config->keys);
	snprintf(config->events_topic, sizeof(config->events_topic), "%sevents",
		 config->common.topic_prefix);
	if (config_policy(&config->common, NULL, &ret->policy, err) < 0)
		return -1;
	if (sol_site_open(&config->site, config->pages_directory, config->words_directory, err) < 0)
		return -1;
	if (config->common.check_only)
		sol_site_print_missing(&config->site);
	ret->hands_over = config->common.clock == CLOCK_WALL;
	config_end_check(&config->common);
	return 0;
}
