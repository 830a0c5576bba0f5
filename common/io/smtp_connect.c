/* smtp_connect.c - options, and libcurl's part: connect, TLS, greeting, EHLO, login. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "smtp_private.h"

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
	       strcmp(host, "[::1]") == 0;
}

/* A part of the URL, decoded, the caller's; NULL when it is not there. */
static char *url_part(CURLU *url, CURLUPart part)
{
	char *found = NULL, *ret;

	if (curl_url_get(url, part, &found, CURLU_URLDECODE) != CURLUE_OK)
		return NULL;
	ret = copy(found);
	curl_free(found);
	return ret;
}

/* No message below names the URL: there may be a password in it. */
static int read_scheme(struct smtp *smtp, const char *scheme, const char *host, enum smtp_tls tls,
		       struct err *err)
{
	bool is_local = is_this_machine(host), is_smtps = strcmp(scheme, "smtps") == 0;

	if (!is_smtps && strcmp(scheme, "smtp") != 0)
		return err_config(err, "SMTP_URL: expected smtp:// or smtps://, found %.20s://",
				  scheme);
	smtp->wants_tls =
	    is_smtps || tls == SMTP_TLS_REQUIRED || (tls == SMTP_TLS_AUTO && !is_local);
	if (smtp->user && !smtp->wants_tls && !is_local)
		return err_config(err, "SMTP_URL: a password may not be sent to %.100s without TLS",
				  host);
	return 0;
}

/* smtp->url without login, and with the name for EHLO as its path, as libcurl has it. */
static int rebuild(struct smtp *smtp, CURLU *url, const char *hello, struct err *err)
{
	char *text = NULL, *path = url_part(url, CURLUPART_PATH);
	bool has_path = path && path[0] && strcmp(path, "/") != 0;

	free(path);
	if (has_path)
		return err_config(err, "SMTP_URL: expected nothing behind host and port");
	curl_url_set(url, CURLUPART_USER, NULL, 0);
	curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
	if (hello && (strspn(hello, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    ".-[]:") != strlen(hello) ||
		      !hello[0]))
		return err_config(err, "the name for EHLO: expected a host name");
	if (hello && curl_url_set(url, CURLUPART_PATH, hello, CURLU_URLENCODE) != CURLUE_OK)
		return err_config(err, "the name for EHLO: expected a host name");
	if (curl_url_get(url, CURLUPART_URL, &text, 0) != CURLUE_OK)
		return err_config(err, "SMTP_URL: expected smtp[s]://[user:password@]host[:port]");
	smtp->url = copy(text);
	curl_free(text);
	return 0;
}

static int read_url(struct smtp *smtp, const struct smtp_options *options, struct err *err)
{
	CURLU *url = curl_url();
	char *scheme = NULL, *host = NULL;
	int r = -1;

	if (!url)
		abort();
	if (!options->url || !strstr(options->url, "://") ||
	    curl_url_set(url, CURLUPART_URL, options->url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
	    !(scheme = url_part(url, CURLUPART_SCHEME)) ||
	    !(host = url_part(url, CURLUPART_HOST))) {
		err_config(err, "SMTP_URL: expected smtp[s]://[user:password@]host[:port]");
		goto out;
	}
	smtp->user = url_part(url, CURLUPART_USER);
	smtp->password = url_part(url, CURLUPART_PASSWORD);
	if (smtp->user && !smtp->password) {
		err_config(err, "SMTP_URL: a user without a password");
		goto out;
	}
	r = read_scheme(smtp, scheme, host, options->tls, err);
	if (r == 0)
		r = rebuild(smtp, url, options->hello, err);
out:
	free(scheme);
	free(host);
	curl_url_cleanup(url);
	return r;
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
	smtp->ca_file = copy(options->ca_file);
	smtp->timeouts = (struct smtp_timeouts){
	    .connect_ms = or_default(t->connect_ms, 300000),
	    .command_ms = or_default(t->command_ms, 300000),
	    .data_ms = or_default(t->data_ms, 120000),
	    .block_ms = or_default(t->block_ms, 180000),
	    .dot_ms = or_default(t->dot_ms, 600000),
	    .quit_ms = or_default(t->quit_ms, 1000),
	};
	if (read_url(smtp, options, err) < 0) {
		smtp_close(&smtp);
		return -1;
	}
	*ret = smtp;
	return 0;
}

static bool offers(const char *line, size_t len, const char *keyword)
{
	size_t keyword_len = strlen(keyword);

	return len >= 4 + keyword_len && strncasecmp(line + 4, keyword, keyword_len) == 0 &&
	       (len == 4 + keyword_len || strchr(" \r\n", line[4 + keyword_len]));
}

/* Every line of the server while libcurl talks to it. What counts was said last: after TLS. */
static size_t on_line(char *line, size_t size, size_t count, void *context)
{
	struct smtp *smtp = context;
	size_t len = size * count;

	if (len >= 3 && strncmp(line, "220", 3) == 0)
		smtp->has_pipelining = smtp->has_utf8 = smtp->has_8bit = smtp->has_size = false;
	if (len >= 3 && strncmp(line, "250", 3) == 0) {
		smtp->has_pipelining |= offers(line, len, "PIPELINING");
		smtp->has_utf8 |= offers(line, len, "SMTPUTF8");
		smtp->has_8bit |= offers(line, len, "8BITMIME");
		smtp->has_size |= offers(line, len, "SIZE");
	}
	if (len >= 3 && (line[0] == '4' || line[0] == '5') && !smtp->greeting.code)
		smtp_reply_parse(line, len, &smtp->greeting);
	return len;
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct smtp *smtp = context;
	struct pollfd stop = {.fd = smtp->stop_fd, .events = POLLIN};

	(void)a, (void)b, (void)c, (void)d;
	return smtp->stop_fd >= 0 && poll(&stop, 1, 0) > 0;
}

static CURL *prepare(struct smtp *smtp, char error[CURL_ERROR_SIZE])
{
	CURL *curl = curl_easy_init();

	if (!curl)
		abort();
	curl_easy_setopt(curl, CURLOPT_URL, smtp->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* whatever the environment says */
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USE_SSL,
			 (long)(smtp->wants_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	if (smtp->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, smtp->ca_file);
	if (smtp->user) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, smtp->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, smtp->password);
	}
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)smtp->timeouts.connect_ms);
	curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
			 (long)(smtp->timeouts.connect_ms / 1000 + 1));
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, smtp);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, smtp);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
	return curl;
}

/* The server's first refusal says more than libcurl's word for it. */
static int explain(const struct smtp *smtp, CURLcode code, const char *error,
		   struct smtp_answer *ret)
{
	*ret = (struct smtp_answer){.stage = SMTP_CONNECT};
	ret->was_stopped = code == CURLE_ABORTED_BY_CALLBACK;
	if (smtp->greeting.code && !ret->was_stopped) {
		ret->code = smtp->greeting.code;
		memcpy(ret->enhanced, smtp->greeting.enhanced, sizeof(ret->enhanced));
		memcpy(ret->text, smtp->greeting.text, sizeof(ret->text));
		return -1;
	}
	snprintf(ret->text, sizeof(ret->text), "cannot connect: %.150s",
		 error[0] ? error : curl_easy_strerror(code));
	for (char *c = ret->text; *c; c++)
		if (*c < ' ' || *c >= 0x7f)
			*c = '?';
	return -1;
}

int smtp_connect(struct smtp *smtp, struct smtp_answer *ret)
{
	char error[CURL_ERROR_SIZE] = "";
	curl_socket_t fd = CURL_SOCKET_BAD;
	CURLcode code;
	CURL *curl;

	if (smtp->curl)
		return 0;
	smtp->greeting = (struct smtp_answer){0};
	smtp->has_pipelining = smtp->has_utf8 = smtp->has_8bit = smtp->has_size = false;
	curl = prepare(smtp, error);
	code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &fd);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
	if (code != CURLE_OK || fd == CURL_SOCKET_BAD) {
		curl_easy_cleanup(curl);
		return explain(smtp, code, error, ret);
	}
	smtp->curl = curl;
	smtp->fd = (int)fd;
	smtp->in_len = 0;
	smtp->needs_rset = false;
	return 0;
}

void smtp_drop(struct smtp *smtp)
{
	curl_easy_cleanup(smtp->curl); /* NULL-safe; a CONNECT_ONLY handle sends nothing */
	smtp->curl = NULL;
	smtp->fd = -1;
	smtp->in_len = 0;
}
