/* settings.c - see settings.h. */
#include "settings.h"

#include <string.h>

#include "common/io/config/config_token_keys.h"
#include "common/policy/file/document.h"
#include "services/email-sender/compose/dkim_files.h"
#include "common/io/config/config_tracing.h"

static const struct setting settings[] = {
    SETTING(
	"SMTP_URL", SECRET, sender_config, smtp_url,
	"Mail server: smtp[s]://[user:password@]host[:port]; or mx: for the domains' own servers.",
	DEFAULT("smtp://localhost:1025")),
    SETTING("SMTP_USER", TEXT, sender_config, smtp_user,
	    "Login at the mail server, where SMTP_URL has none."),
    SETTING("SMTP_PASSWORD", SECRET, sender_config, smtp_password, "Its password."),
    SETTING("SMTP_TLS", CHOICE, sender_config, smtp_tls,
	    "auto: required unless the server is this machine, with mx: opportunistic (taken when "
	    "it is offered, no certificate is checked); off: only in a network you trust.",
	    CHOICES("auto|required|opportunistic|off"), DEFAULT("auto")),
    SETTING("SMTP_CA_FILE", TEXT, sender_config, smtp_ca_file,
	    "PEM file of the authorities to trust; empty: the system's."),
    SETTING("SMTP_CONNECTIONS", INT, sender_config, smtp_connections,
	    "Connections to mail servers, each with one mail at a time.", BETWEEN(1, 256),
	    DEFAULT("8")),
    SETTING(
	"SMTP_HELLO", TEXT, sender_config, smtp_hello,
	"Name for EHLO, which with mx: has to be that of the sending address; empty: the host's."),
    SETTING("SMTP_MX_TEST", TEXT, sender_config, smtp_mx_test,
	    "For tests with mx: RESOLVER:PORT/SMTP-PORT; any address is then called."),
    SETTING("NURTURE_DELIVERY", TEXT, sender_config, delivery_file,
	    "File of limits by domain, such as deploy/delivery.yaml; empty: none."),
    SETTING("NURTURE_TEMPLATES", TEXT, sender_config, templates, "Directory of the mail templates.",
	    DEFAULT("deploy/templates")),
    SETTING(TOKEN_KEY_SETTING, SECRET, sender_config, token_key,
	    "Keys of links and return paths, one a line of at least 16 bytes, the same for all "
	    "services: the first signs, all are good.",
	    REQUIRED),
    SETTING(TOKEN_KEY_BEFORE_SETTING, SECRET, sender_config, token_key_before,
	    TOKEN_KEY_BEFORE_TEXT),
    SETTING("NURTURE_BOUNCE_DOMAIN", TEXT, sender_config, bounce_domain,
	    "Domain whose mail is read for bounces: each mail gets a return path of its own in it; "
	    "empty: bounces go to the shop's sender address."),
    SETTING("NURTURE_MAIL_PROVIDER", CHOICE, sender_config, mail_provider,
	    "Provider behind SMTP_URL whose webhooks report bounces: mails get the header by which "
	    "it says whose mail it was.",
	    CHOICES(MAIL_PROVIDER_CHOICES), DEFAULT("none")),
    SETTING("NURTURE_DKIM_DOMAIN", TEXT, sender_config, dkim_domain,
	    "Domain that signs the mails (DKIM d=), the sender's own or one above it."),
    SETTING("NURTURE_DKIM_KEYS", TEXT, sender_config, dkim_keys,
	    "Private keys, selector:file[,selector:file], PEM, RSA or Ed25519; each signs every "
	    "mail; empty: mails are not signed."),
    {0}};

static const char *or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static void put_together(struct sender_config *config, const struct sender *sender)
{
	config->pool = (struct send_pool_options){
	    .smtp = {.url = config->smtp_url,
		     .tls = (enum smtp_tls)config->smtp_tls,
		     .user = or_null(config->smtp_user),
		     .password = or_null(config->smtp_password),
		     .hello = or_null(config->smtp_hello),
		     .ca_file = or_null(config->smtp_ca_file)},
	    .composer = {.policy = sender->policy,
			 .templates = sender->templates,
			 .token_key = config->token_keys.now,
			 .bounce_domain = config->bounce_name,
			 .provider = (enum mail_provider)config->mail_provider},
	    .dkim = config->dkim.count ? &config->dkim : NULL,
	    .connections = (unsigned)config->smtp_connections,
	    .delivery = config->delivery,
	    .mx = {.test = or_null(config->smtp_mx_test)},
	    .is_event_time = sender->is_event_time,
	    .rate_urls = config->common.redis_url,
	    .rate_prefix = config->common.topic_prefix};
}

static int load_delivery(struct sender_config *config, struct err *err)
{
	bool is_direct = smtp_url_is_direct(config->smtp_url);
	char *text;
	size_t len;

	config->delivery = delivery_default(is_direct);
	if (config->smtp_mx_test[0] && !is_direct)
		return err_config(err, "SMTP_MX_TEST: expected SMTP_URL=mx: with it");
	if (!config->smtp_user[0] != !config->smtp_password[0])
		return err_config(err, "SMTP_USER and SMTP_PASSWORD: expected both or none");
	if (!config->delivery_file[0])
		return 0;
	if (file_read(config->delivery_file, DOCUMENT_MAX_BYTES, &text, &len, err) < 0)
		return err_prefix(err, "NURTURE_DELIVERY");
	return delivery_read(slice_of(text, len), config->delivery_file, is_direct, &config->arena,
			     &config->delivery, err);
}

/* The mail server's address, login and authorities, as the connections will be opened with. */
static int check_server(const struct sender_config *config, struct err *err)
{
	struct smtp *smtp;
	struct mx *mx;

	if (smtp_open(&smtp, &config->pool.smtp, err) < 0)
		return -1;
	smtp_close(&smtp);
	if (!smtp_url_is_direct(config->smtp_url))
		return 0;
	if (mx_open(&mx, &config->pool.mx, err) < 0)
		return config->smtp_mx_test[0] ? err_prefix(err, "SMTP_MX_TEST") : -1;
	mx_close(&mx);
	return 0;
}

/* Keys and domains. */
static int check_mail_settings(struct sender_config *config, struct err *err)
{
	if (token_keys_read(config->token_key, config->token_key_before, &config->token_keys, err) <
	    0)
		return -1;
	config_tell_signing_key(&config->token_keys);
	if (config->bounce_domain[0] &&
	    !host_name_read(slice_text(config->bounce_domain), config->bounce_name))
		return err_config(err,
				  "NURTURE_BOUNCE_DOMAIN: expected a domain such as "
				  "bounces.shop.example, found \"%.100s\"",
				  config->bounce_domain);
	if (!config->dkim_domain[0] != !config->dkim_keys[0])
		return err_config(err,
				  "%s is empty: NURTURE_DKIM_DOMAIN and NURTURE_DKIM_KEYS "
				  "belong together",
				  config->dkim_keys[0] ? "NURTURE_DKIM_DOMAIN"
						       : "NURTURE_DKIM_KEYS");
	if (!config->dkim_keys[0])
		return 0;
	if (dkim_keys_set_domain(&config->dkim, config->dkim_domain, err) < 0)
		return err_prefix(err, "NURTURE_DKIM_DOMAIN");
	if (dkim_keys_open(config->dkim_keys, &config->dkim, err) < 0)
		return err_prefix(err, "NURTURE_DKIM_KEYS");
	return 0;
}

int sender_config_load(int argc, char **argv, struct sender_config *config, struct sender *sender,
		       struct err *err)
{
	const struct setting_table tables[] = {
	    {common_settings, offsetof(struct sender_config, common), ":8083"},
	    {tracing_settings, offsetof(struct sender_config, common.tracing), NULL},
	    {settings, 0, NULL},
	    {0}};
	struct template_set *templates;

	if (config_load(argc, argv, "email-sender - renders and delivers mails", tables, config,
			err) < 0)
		return -1;
	if (check_mail_settings(config, err) < 0 || load_delivery(config, err) < 0)
		return -1;
	if (template_set_open(config->templates, &templates, err) < 0)
		return err_prefix(err, "NURTURE_TEMPLATES");
	sender->templates = templates;
	if (config_policy(&config->common, template_set_names(templates), &sender->policy, err) < 0)
		return -1;
	if (template_set_check_merges(templates, sender->policy, err) < 0 ||
	    template_set_check_words(templates, sender->policy, err) < 0)
		return -1;
	sender->is_event_time = config->common.clock == CLOCK_EVENT;
	sender->format = config->common.outcome_format ? OUTCOME_PROTOBUF : OUTCOME_JSON;
	put_together(config, sender);
	if (check_server(config, err) < 0)
		return -1;
	config_end_check(&config->common);
	return 0;
}
