/* smtp_connect.c - libcurl's part: connect, TLS, greeting, EHLO, login. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "smtp_internal.h"

enum { DIRECT_CONNECT_MS = 30000 };

static bool offers(const char *line, size_t len, const char *keyword)
{
	size_t keyword_len = strlen(keyword);

	return len >= 4 + keyword_len && strncasecmp(line + 4, keyword, keyword_len) == 0 &&
	       (len == 4 + keyword_len || strchr(" \r\n", line[4 + keyword_len]));
}

static void forget_offers(struct smtp *smtp)
{
	smtp->has_pipelining = smtp->has_utf8 = smtp->has_8bit = smtp->has_size = smtp->has_dsn =
	    false;
}

/*
 * Gets every line of the server while libcurl talks to it. What was said last, after TLS, counts.
 */
static size_t on_line(char *line, size_t size, size_t count, void *context)
{
	struct smtp *smtp = context;
	size_t len = size * count;

	if (len >= 3 && strncmp(line, "220", 3) == 0)
		forget_offers(smtp);
	if (len >= 3 && strncmp(line, "250", 3) == 0) {
		smtp->has_pipelining |= offers(line, len, "PIPELINING");
		smtp->has_utf8 |= offers(line, len, "SMTPUTF8");
		smtp->has_8bit |= offers(line, len, "8BITMIME");
		smtp->has_size |= offers(line, len, "SIZE");
		smtp->has_dsn |= offers(line, len, "DSN");
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

static CURL *prepare(struct smtp *smtp, long how, struct curl_slist *addresses,
		     char error[CURL_ERROR_SIZE])
{
	CURL *curl = curl_easy_init();

	if (!curl)
		abort();
	curl_easy_setopt(curl, CURLOPT_URL, smtp->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* whatever the environment says */
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USE_SSL, how);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, (long)smtp->asks_name);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, smtp->asks_name ? 2L : 0L);
	if (addresses)
		curl_easy_setopt(curl, CURLOPT_RESOLVE, addresses);
	if (smtp->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, smtp->ca_file);
	if (smtp->user) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, smtp->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, smtp->password);
	}
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)smtp->timeouts.connect_ms);
	if (smtp->is_direct) /* there may be another host, or another address of it */
		curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)DIRECT_CONNECT_MS);
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

/* Explains a failure: the server's first refusal says more than libcurl's name for it. */
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

/* Opens one connection, with TLS as `how` says (CURLOPT_USE_SSL). */
static CURLcode connect_once(struct smtp *smtp, long how, char error[CURL_ERROR_SIZE])
{
	struct curl_slist *addresses =
	    smtp->addresses ? curl_slist_append(NULL, smtp->addresses) : NULL;
	curl_socket_t fd = CURL_SOCKET_BAD;
	CURLcode code;

	forget_offers(smtp);
	smtp->greeting = (struct smtp_answer){0};
	smtp->curl = prepare(smtp, how, addresses, error);
	code = curl_easy_perform(smtp->curl);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(smtp->curl, CURLINFO_ACTIVESOCKET, &fd);
	curl_easy_setopt(smtp->curl, CURLOPT_ERRORBUFFER, NULL);
	curl_easy_setopt(smtp->curl, CURLOPT_RESOLVE, NULL);
	curl_slist_free_all(addresses);
	if (code == CURLE_OK && fd == CURL_SOCKET_BAD)
		code = CURLE_COULDNT_CONNECT;
	if (code != CURLE_OK)
		smtp_drop(smtp);
	smtp->fd = (int)fd;
	return code;
}

int smtp_connect(struct smtp *smtp, struct smtp_answer *ret)
{
	char error[CURL_ERROR_SIZE] = "";
	bool is_optional = smtp->may_use_tls && !smtp->wants_tls;
	CURLcode code;

	if (smtp->curl)
		return 0;
	if (smtp->on_wait)
		smtp->on_wait(smtp->context);
	code = connect_once(smtp,
			    smtp->wants_tls ? CURLUSESSL_ALL
			    : is_optional   ? CURLUSESSL_TRY
					    : CURLUSESSL_NONE,
			    error);
	/* A server that offers TLS and cannot speak it gets its mail without, as always before. */
	if (is_optional && code == CURLE_SSL_CONNECT_ERROR) {
		error[0] = '\0';
		code = connect_once(smtp, CURLUSESSL_NONE, error);
	}
	if (code != CURLE_OK)
		return explain(smtp, code, error, ret);
	smtp->in_len = 0;
	smtp->needs_rset = smtp->is_used = false;
	return 0;
}

void smtp_drop(struct smtp *smtp)
{
	curl_easy_cleanup(smtp->curl); /* NULL-safe; a CONNECT_ONLY handle sends nothing */
	smtp->curl = NULL;
	smtp->fd = -1;
	smtp->in_len = 0;
}
