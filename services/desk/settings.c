/* settings.c - see settings.h. */
#include "settings.h"

#include <stdio.h>

#include "common/base/url.h"
#include "common/io/config/config_tracing.h"
#include "common/policy/desk.h"

static const struct setting settings[] = {
    SETTING("NURTURE_DESK_WEBHOOKS", SECRET, dsk_config, hooks_text,
	    "Where notices go, by the policy's names of webhooks: NAME=URL a line each, and behind "
	    "it the secrets that sign (whsec_..., at most two)."),
    SETTING("NURTURE_CONSOLE_URL", TEXT, dsk_config, console_url,
	    "Where people see the console, https://HOST without a path: what they are told of a "
	    "task leads there. Empty: there are no links."),
    SETTING("SMTP_URL", SECRET, dsk_config, smtp_url,
	    "Mail server by which people get the list of their tasks: "
	    "smtp[s]://[user:password@]host[:port]; empty: nobody gets one."),
    SETTING("SMTP_USER", TEXT, dsk_config, smtp_user,
	    "Login at the mail server, where SMTP_URL has none."),
    SETTING("SMTP_PASSWORD", SECRET, dsk_config, smtp_password, "Its password."),
    SETTING("SMTP_TLS", CHOICE, dsk_config, smtp_tls,
	    "auto: required unless the server is this machine; opportunistic: taken when it is "
	    "offered; off: only in a network you trust.",
	    CHOICES("auto|required|opportunistic|off"), DEFAULT("auto")),
    SETTING("SMTP_CA_FILE", TEXT, dsk_config, smtp_ca_file,
	    "PEM file of the authorities to trust; empty: the system's."),
    SETTING(TOKEN_KEY_SETTING, SECRET, dsk_config, token_key,
	    "Keys of the addresses of teams' calendars, one a line of at least 16 bytes, the same "
	    "for all services: the first signs, all are good; empty: there are no calendars."),
    SETTING(TOKEN_KEY_BEFORE_SETTING, SECRET, dsk_config, token_key_before, TOKEN_KEY_BEFORE_TEXT),
    {0}};

static const char *or_null(const char *text)
{
	return text[0] ? text : NULL;
}

struct smtp_options dsk_config_smtp(const struct dsk_config *config)
{
	return (struct smtp_options){.url = config->smtp_url,
				     .tls = (enum smtp_tls)config->smtp_tls,
				     .user = or_null(config->smtp_user),
				     .password = or_null(config->smtp_password),
				     .ca_file = or_null(config->smtp_ca_file)};
}

bool dsk_config_mails(const struct dsk_config *config, const struct desk *desk)
{
	for (unsigned i = 0; *config->smtp_url && i < desk->people_count; i++)
		if (*desk->people[i].mail)
			return config->common.clock == CLOCK_WALL;
	return false;
}

/* What is wrong is found now, and not when the first mail is due. */
static int check_smtp(const struct dsk_config *config, const struct policy *policy, struct err *err)
{
	struct smtp_options options = dsk_config_smtp(config);
	struct smtp *smtp = NULL;

	if (!config->smtp_user[0] != !config->smtp_password[0])
		return err_config(err, "SMTP_USER and SMTP_PASSWORD: expected both, or neither");
	if (!*config->smtp_url)
		return 0;
	/* All services may have been given the email-sender's, who alone can do that. */
	if (smtp_url_is_direct(config->smtp_url) && !dsk_config_mails(config, policy->desk))
		return 0;
	if (smtp_url_is_direct(config->smtp_url))
		return err_config(err, "SMTP_URL: expected a server for the lists of tasks, found "
				       "mx:, by which only the email-sender sends");
	if (smtp_open(&smtp, &options, err) < 0)
		return -1;
	smtp_close(&smtp);
	if (dsk_config_mails(config, policy->desk) && !*policy->shop.sender_address)
		return err_config(err,
				  "%s: shop.sender is missing, from whom people get the "
				  "lists of their tasks",
				  policy->file);
	return 0;
}

static int check_console(const struct dsk_config *config, struct err *err)
{
	if (*config->console_url && !url_is_origin(config->console_url))
		return err_config(err, "NURTURE_CONSOLE_URL: expected https://HOST without a path");
	return 0;
}

static int read_hooks(struct dsk_config *config, const struct desk *desk, struct err *err)
{
	if (dsk_hooks_read(slice_text(config->hooks_text), &config->arena, &config->hooks, err) <
		0 ||
	    dsk_hooks_check(&config->hooks, desk, err) < 0)
		return err_prefix(err, "NURTURE_DESK_WEBHOOKS");
	return 0;
}

int dsk_config_load(int argc, char **argv, struct dsk_config *config, struct dsk_service *ret,
		    struct err *err)
{
	const struct setting_table tables[] = {
	    {common_settings, offsetof(struct dsk_config, common), ":8086"},
	    {tracing_settings, offsetof(struct dsk_config, common.tracing), NULL},
	    {settings, 0, NULL},
	    {0}};

	if (config_load(argc, argv, "desk - what became of every task", tables, config, err) < 0 ||
	    config_policy(&config->common, NULL, &ret->policy, err) < 0 ||
	    read_hooks(config, ret->policy->desk, err) < 0 ||
	    check_smtp(config, ret->policy, err) < 0 || check_console(config, err) < 0 ||
	    token_keys_read(config->token_key, config->token_key_before, &config->keys, err) < 0)
		return -1;
	snprintf(config->states_topic, sizeof(config->states_topic), "%sdesk",
		 config->common.topic_prefix);
	ret->is_wall = config->common.clock == CLOCK_WALL;
	ret->console_url = config->console_url;
	config_end_check(&config->common);
	return 0;
}
