/* smtp_options.c - see smtp.h: what a connection is opened with, read and checked. */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <curl/curl.h>

#include "common/base/url.h"
#include "smtp_internal.h"

#define EXPECTED_URL "SMTP_URL: expected smtp[s]://[user:password@]host[:port], or mx:"

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_begin(void)
{
	curl_global_init(CURL_GLOBAL_ALL);
}

static char *copy(const char *text)
{
	char *ret = text ? strdup(text) : NULL;

	if (text && !ret)
		abort();
	return ret;
}

static bool is_this_machine(const char *host)
{
	return strcasecmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
	       strcmp(host, "::1") == 0;
}

/* Reads the scheme. No message here names the URL: there may be a password in it. */
static int read_scheme(struct smtp *smtp, const char *scheme, const char *host, enum smtp_tls tls,
		       struct err *err)
{
	bool is_local = is_this_machine(host), is_smtps = strcmp(scheme, "smtps") == 0;

	if (!is_smtps && strcmp(scheme, "smtp") != 0)
		return err_config(err, "SMTP_URL: expected smtp:// or smtps://, found %.20s://",
				  scheme);
	smtp->wants_tls =
	    is_smtps || tls == SMTP_TLS_REQUIRED || (tls == SMTP_TLS_AUTO && !is_local);
	smtp->may_use_tls = smtp->wants_tls || tls == SMTP_TLS_OPPORTUNISTIC;
	smtp->asks_name = smtp->wants_tls;
	if (smtp->user && !smtp->wants_tls && !is_local)
		return err_config(err, "SMTP_URL: a password may not be sent to %.100s without TLS",
				  host);
	return 0;
}

static bool is_hello(const char *name)
{
	return name[0] &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			    ".-[]:") == strlen(name);
}

static int check_hello(const char *name, struct err *err)
{
	if (name && !is_hello(name))
		return err_config(err, "SMTP_HELLO: expected a host name, found \"%.100s\"", name);
	return 0;
}

/* libcurl would say it at the first mail, and of each one. */
static int check_authorities(const char *file, struct err *err)
{
	X509_STORE *store = file ? X509_STORE_new() : NULL;
	int r = 0;

	if (!file)
		return 0;
	if (!store)
		abort();
	if (access(file, R_OK) < 0)
		r = err_config(err, "SMTP_CA_FILE: %s: %s", file, strerror(errno));
	else if (X509_STORE_load_locations(store, file, NULL) != 1)
		r = err_config(err, "SMTP_CA_FILE: %s: expected certificates as PEM", file);
	ERR_clear_error();
	X509_STORE_free(store);
	return r;
}

/*
 * Writes smtp->url without login, and with the name for EHLO as its path, where libcurl reads it.
 */
static void rebuild(struct smtp *smtp, const struct url *url, const char *hello)
{
	struct buf text = BUF_MAX(4096);

	buf_printf(&text, url->is_ipv6 ? "%s://[%s]" : "%s://%s", url->scheme, url->host);
	if (url->port)
		buf_printf(&text, ":%d", url->port);
	buf_char(&text, '/');
	for (const char *c = hello ? hello : ""; *c; c++)
		buf_printf(&text, strchr("[]:", *c) ? "%%%02X" : "%c", *c);
	if (buf_failed(&text))
		abort();
	smtp->url = copy(text.bytes);
	buf_free(&text);
}

/* Takes the login from the options or, without one there, from the URL. */
static int read_login(struct smtp *smtp, const struct url *url, const struct smtp_options *options,
		      struct err *err)
{
	if (url->has_user && !url->has_password)
		return err_config(err, "SMTP_URL: a user without a password");
	if (url->has_user && options->user)
		return err_config(err,
				  "SMTP_URL: a user there, and SMTP_USER; expected one of the two");
	if (url->has_user) {
		smtp->user = copy(url->user);
		smtp->password = copy(url->password);
	} else if (options->user) {
		smtp->user = copy(options->user);
		smtp->password = copy(options->password ? options->password : "");
	}
	return 0;
}

static int read_url(struct smtp *smtp, const struct smtp_options *options, struct err *err)
{
	struct url url;
	struct err why;

	if (!options->url || url_parse(slice_text(options->url), &url, &why) < 0)
		return options->url ? err_config(err, EXPECTED_URL " (%s)", why.text)
				    : err_config(err, EXPECTED_URL);
	if (url.path.len || url.query.len)
		return err_config(err, "SMTP_URL: expected nothing behind host and port");
	if (check_hello(options->hello, err) < 0)
		return -1;
	if (read_login(smtp, &url, options, err) < 0 ||
	    read_scheme(smtp, url.scheme, url.host, options->tls, err) < 0)
		return -1;
	rebuild(smtp, &url, options->hello);
	return 0;
}

/*
 * Reads the options for mx:, which is for other people's servers: nobody has a password for them.
 */
static int read_direct(struct smtp *smtp, const struct smtp_options *options, struct err *err)
{
	if (options->user)
		return err_config(err, "SMTP_USER: expected none with SMTP_URL=mx:");
	if (check_hello(options->hello, err) < 0)
		return -1;
	smtp->is_direct = true;
	smtp->wants_tls = smtp->asks_name = options->tls == SMTP_TLS_REQUIRED;
	smtp->may_use_tls = options->tls != SMTP_TLS_OFF;
	return 0;
}

bool smtp_url_is_direct(const char *url)
{
	return url && strcmp(url, "mx:") == 0;
}

void smtp_set_host(struct smtp *smtp, const struct smtp_host *host)
{
	size_t room = strlen(host->name) + strlen(host->addresses) + strlen(smtp->hello) + 40;

	free(smtp->url);
	free(smtp->addresses);
	smtp->url = malloc(room);
	smtp->addresses = malloc(room);
	if (!smtp->url || !smtp->addresses)
		abort();
	snprintf(smtp->url, room, "smtp://%s:%u%s%s", host->name, host->port,
		 smtp->hello[0] ? "/" : "", smtp->hello);
	snprintf(smtp->addresses, room, "%s:%u:%s", host->name, host->port, host->addresses);
}

static int64_t or_default(int64_t value, int64_t fallback)
{
	return value > 0 ? value : fallback;
}

int smtp_open(struct smtp **ret, const struct smtp_options *options, struct err *err)
{
	const struct smtp_timeouts *t = &options->timeouts;
	struct smtp *smtp;

	pthread_once(&curl_once, curl_begin);
	smtp = calloc(1, sizeof(*smtp));
	if (!smtp)
		abort();
	smtp->fd = -1;
	smtp->out = BUF_MAX(SMTP_MAIL_MAX_BYTES);
	smtp->stop_fd = options->stop_fd > 0 ? options->stop_fd : -1;
	smtp->on_wait = options->on_wait;
	smtp->context = options->context;
	smtp->ca_file = copy(options->ca_file);
	smtp->timeouts = (struct smtp_timeouts){
	    .connect_ms = or_default(t->connect_ms, 300000),
	    .command_ms = or_default(t->command_ms, 300000),
	    .data_ms = or_default(t->data_ms, 120000),
	    .block_ms = or_default(t->block_ms, 180000),
	    .dot_ms = or_default(t->dot_ms, 600000),
	    .quit_ms = or_default(t->quit_ms, 1000),
	};
	smtp->hello = copy(options->hello ? options->hello : "");
	if ((smtp_url_is_direct(options->url) ? read_direct : read_url)(smtp, options, err) < 0 ||
	    check_authorities(smtp->ca_file, err) < 0) {
		smtp_close(&smtp);
		return -1;
	}
	*ret = smtp;
	return 0;
}
