/* bounce_config.c - see bounce_config.h. */
#include "bounce_config.h"

#include "common/io/config/config_token_keys.h"
#include "common/io/process/log.h"

const struct setting bounce_settings[] = {
    SETTING("NURTURE_LMTP_LISTEN", TEXT, bounce_config, lmtp_listen,
	    "Address and port where mail servers bring bounces by LMTP or SMTP; empty: off."),
    SETTING(
	"NURTURE_BOUNCE_DOMAIN", TEXT, bounce_config, domain,
	"Domain of the return paths, as the email-sender has it; needed with NURTURE_LMTP_LISTEN."),
    SETTING(TOKEN_KEY_SETTING, SECRET, bounce_config, token_key,
	    "Keys of return paths, one a line of at least 16 bytes, the same for all services: the "
	    "first signs, all are good; needed for bounces."),
    SETTING(TOKEN_KEY_BEFORE_SETTING, SECRET, bounce_config, token_key_before,
	    TOKEN_KEY_BEFORE_TEXT),
    SETTING("NURTURE_BOUNCE_HOOKS", SECRET, bounce_config, hooks,
	    "Secrets of the providers' webhooks: mailgun|postmark|sendgrid|ses|sparkpost=secret, "
	    "separated by commas or lines."),
    SETTING("NURTURE_MAILGUN_KEY", SECRET, bounce_config, mailgun_key,
	    "Mailgun's webhook signing key: its signature is checked instead of a secret."),
    {0},
};

/* Is there anything to listen for? */
static bool is_on(const struct bounce_config *config)
{
	return config->lmtp_listen[0] || config->hooks[0] || config->mailgun_key[0];
}

int bounce_config_check(struct bounce_config *config, struct ing_hooks *ret, struct err *err)
{
	if (token_keys_read(config->token_key, config->token_key_before, &ret->keys, err) < 0)
		return -1;
	if (!ret->keys.now.len && is_on(config))
		return err_config(err, "NURTURE_TOKEN_KEY: must be set: without it nobody knows "
				       "whose a bounce is");
	if (config->lmtp_listen[0] && !config->domain[0])
		return err_config(err, "NURTURE_BOUNCE_DOMAIN is empty: NURTURE_LMTP_LISTEN needs "
				       "to know which mail is ours");
	if (config->domain[0] && !host_name_read(slice_text(config->domain), config->domain_name))
		return err_config(err,
				  "NURTURE_BOUNCE_DOMAIN: expected a domain such as "
				  "bounces.shop.example, found \"%.100s\"",
				  config->domain);
	if (config->hooks[0] && ing_hooks_parse(slice_text(config->hooks), &ret->secrets, err) < 0)
		return err_prefix(err, "NURTURE_BOUNCE_HOOKS");
	if (is_on(config))
		config_tell_checking_keys(&ret->keys);
	ret->mailgun_key = slice_text(config->mailgun_key);
	return 0;
}

int bounce_config_open(const struct bounce_config *config, const char *brokers,
		       const char *topic_prefix, struct ing_hooks *hooks, struct err *err)
{
	struct ing_bounces_options options = {
	    .brokers = brokers,
	    .topic_prefix = topic_prefix,
	    .lmtp = {.domain = config->domain_name,
		     .name = config->domain_name,
		     .keys = hooks->keys},
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
