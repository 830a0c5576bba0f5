/* bounce_config.c - see bounce_config.h. */
#include "bounce_config.h"

#include "common/io/process/log.h"

const struct setting bounce_settings[] = {
    {"NURTURE_LMTP_LISTEN", SETTING_TEXT, offsetof(struct bounce_config, lmtp_listen), "", 0, 0,
     NULL, "Address and port where mail servers bring bounces by LMTP or SMTP; empty: off."},
    {"NURTURE_BOUNCE_DOMAIN", SETTING_TEXT, offsetof(struct bounce_config, domain), "", 0, 0, NULL,
     "Domain of the return paths, as the email-sender has it; needed with NURTURE_LMTP_LISTEN."},
    {TOKEN_KEY_SETTING, SETTING_SECRET, offsetof(struct bounce_config, token_key), "", 0, 0, NULL,
     "Keys of return paths, one a line of at least 16 bytes, the same for all services: the first "
     "signs, all are good; needed for bounces."},
    {TOKEN_KEY_BEFORE_SETTING, SETTING_SECRET, offsetof(struct bounce_config, token_key_before), "",
     0, 0, NULL, TOKEN_KEY_BEFORE_TEXT},
    {"NURTURE_BOUNCE_HOOKS", SETTING_SECRET, offsetof(struct bounce_config, hooks), "", 0, 0, NULL,
     "Secrets of the providers' webhooks: mailgun|postmark|sendgrid|ses|sparkpost=secret, "
     "separated by commas or lines."},
    {"NURTURE_MAILGUN_KEY", SETTING_SECRET, offsetof(struct bounce_config, mailgun_key), "", 0, 0,
     NULL, "Mailgun's webhook signing key: its signature is checked instead of a secret."},
    {0},
};

/* Is there anything to listen for? */
static bool is_on(const struct bounce_config *config)
{
	return config->lmtp_listen[0] || config->hooks[0] || config->mailgun_key[0];
}

int bounce_config_check(const struct bounce_config *config, struct ing_hooks *ret, struct err *err)
{
	if (token_keys_read(config->token_key, config->token_key_before, &ret->keys, err) < 0)
		return -1;
	if (!ret->keys.now.len && is_on(config))
		return err_config(err, "NURTURE_TOKEN_KEY: must be set: without it nobody knows "
				       "whose a bounce is");
	if (config->lmtp_listen[0] && !config->domain[0])
		return err_config(err, "NURTURE_BOUNCE_DOMAIN is empty: NURTURE_LMTP_LISTEN needs "
				       "to know which mail is ours");
	if (config->hooks[0] && ing_hooks_parse(slice_text(config->hooks), &ret->secrets, err) < 0)
		return err_prefix(err, "NURTURE_BOUNCE_HOOKS");
	ret->mailgun_key = slice_text(config->mailgun_key);
	return 0;
}

int bounce_config_open(const struct bounce_config *config, const char *brokers,
		       const char *topic_prefix, struct ing_hooks *hooks, struct err *err)
{
	struct ing_bounces_options options = {
	    .brokers = brokers,
	    .topic_prefix = topic_prefix,
	    .lmtp = {.domain = config->domain, .name = config->domain, .keys = hooks->keys},
	    .listen = config->lmtp_listen,
	};

	if (!is_on(config))
		return 0;
	if (ing_bounces_open(&hooks->bounces, &options, err) < 0)
		return -1;
	if (config->lmtp_listen[0])
		log_event(LOG_LEVEL_INFO, "listening", "protocol", "lmtp", "port",
			  log_number(ing_bounces_port(hooks->bounces)), NULL);
	return 0;
}
