/* who_config.c - see who_config.h. */
#include "who_config.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/url.h"

#define KEY_SETTING "NURTURE_CONSOLE_KEY"
#define KEY_BEFORE_SETTING "NURTURE_CONSOLE_KEY_BEFORE"
#define SECRET_SETTING "NURTURE_CONSOLE_PROXY_SECRET"

const struct setting con_who_settings[] = {
    SETTING("NURTURE_CONSOLE_STAFF", TEXT, con_who_config, staff_file,
	    "File of the shop's people who may use the console, with their roles and teams; empty: "
	    "there are no pages."),
    SETTING(KEY_SETTING, SECRET, con_who_config, key,
	    "Keys of cookies and links of the console alone, one a line of at least 16 bytes: the "
	    "first signs, all are good."),
    SETTING(KEY_BEFORE_SETTING, SECRET, con_who_config, key_before,
	    "Older keys, one a line: what they have signed stays true."),
    SETTING("NURTURE_CONSOLE_PROXIES", TEXT, con_who_config, proxies,
	    "Addresses or networks of the proxy that signs people in, separated by commas; its "
	    "X-Auth-Request-Email is believed from nowhere else. Empty: no proxy does."),
    SETTING(SECRET_SETTING, SECRET, con_who_config, proxy_secret,
	    "What the proxy says in X-Nurture-Proxy-Secret, at least 16 bytes; several, one a "
	    "line, are all right."),
    SETTING("NURTURE_CONSOLE_URL", TEXT, con_who_config, url,
	    "Where people see the console, https://HOST without a path: links to sign in are then "
	    "mailed. Empty: none are."),
    SETTING("SMTP_URL", SECRET, con_who_config, smtp_url,
	    "Mail server for these links: smtp[s]://[user:password@]host[:port].",
	    DEFAULT("smtp://localhost:1025")),
    SETTING("SMTP_USER", TEXT, con_who_config, smtp_user,
	    "Login at the mail server, where SMTP_URL has none."),
    SETTING("SMTP_PASSWORD", SECRET, con_who_config, smtp_password, "Its password."),
    SETTING("SMTP_TLS", CHOICE, con_who_config, smtp_tls,
	    "auto: required unless the server is this machine; off: only in a network you trust.",
	    CHOICES("auto|required|opportunistic|off"), DEFAULT("auto")),
    SETTING("SMTP_CA_FILE", TEXT, con_who_config, smtp_ca_file,
	    "PEM file of the authorities to trust; empty: the system's."),
    {0}};

static int read_keys(struct con_who_config *config, struct err *err)
{
	if (token_keys_read_as(KEY_SETTING, KEY_BEFORE_SETTING, config->key, config->key_before,
			       &config->keys, err) < 0)
		return -1;
	return config->staff_file[0] && !config->keys.now.len
		   ? err_config(err, KEY_SETTING ": expected a key beside NURTURE_CONSOLE_STAFF")
		   : 0;
}

static int read_staff(struct con_who_config *config, struct err *err)
{
	char *text;
	size_t len;
	int r;

	if (!config->staff_file[0])
		return 0;
	if (file_read(config->staff_file, CON_STAFF_FILE_MAX_BYTES, &text, &len, err) < 0)
		return err_prefix(err, "NURTURE_CONSOLE_STAFF");
	r = con_staff_read(slice_of(text, len), config->staff_file, &config->arena, &config->staff,
			   err);
	free(text);
	if (r == 0 && !config->staff.count)
		return err_config(err, "NURTURE_CONSOLE_STAFF: %s: there is nobody in it",
				  config->staff_file);
	return r;
}

static int read_proxy(struct con_who_config *config, struct err *err)
{
	if (con_networks_read(config->proxies, &config->proxy.networks, err) < 0)
		return err_prefix(err, "NURTURE_CONSOLE_PROXIES");
	if (token_keys_read_as(SECRET_SETTING, SECRET_SETTING, config->proxy_secret, "",
			       &config->proxy.secrets, err) < 0)
		return -1;
	if (!config->proxy.networks.count != !config->proxy.secrets.now.len)
		return err_config(err, "NURTURE_CONSOLE_PROXIES and " SECRET_SETTING
				       ": expected both or none");
	return 0;
}

static const char *or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static int read_mail(struct con_who_config *config, struct err *err)
{
	struct smtp *smtp;

	if (config->url[0] && !url_is_origin(config->url))
		return err_config(err, "NURTURE_CONSOLE_URL: expected https://HOST without a path");
	if (!config->smtp_user[0] != !config->smtp_password[0])
		return err_config(err, "SMTP_USER and SMTP_PASSWORD: expected both or none");
	if (config->url[0] && smtp_url_is_direct(config->smtp_url))
		return err_config(err, "SMTP_URL: expected a mail server, found mx:");
	config->smtp = (struct smtp_options){.url = config->smtp_url,
					     .tls = (enum smtp_tls)config->smtp_tls,
					     .user = or_null(config->smtp_user),
					     .password = or_null(config->smtp_password),
					     .ca_file = or_null(config->smtp_ca_file),
					     .timeouts = {.connect_ms = 15000,
							  .command_ms = 15000,
							  .data_ms = 15000,
							  .block_ms = 15000,
							  .dot_ms = 60000}};
	if (smtp_open(&smtp, &config->smtp, err) < 0)
		return -1;
	smtp_close(&smtp);
	return 0;
}

int con_who_config_check(struct con_who_config *config, struct err *err)
{
	if (read_keys(config, err) < 0 || read_staff(config, err) < 0 ||
	    read_proxy(config, err) < 0 || read_mail(config, err) < 0)
		return -1;
	if (config->staff.count && !config->proxy.networks.count && !config->url[0])
		return err_config(err, "NURTURE_CONSOLE_STAFF: nobody can sign in without "
				       "NURTURE_CONSOLE_PROXIES or NURTURE_CONSOLE_URL");
	return 0;
}
