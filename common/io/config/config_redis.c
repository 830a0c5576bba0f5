/* config_redis.c - see config_redis.h. */
#include "config_redis.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/io/redis/redis_servers.h"

enum { URLS_MAX_BYTES = 64 * 1024 };

/* What the settings say; "" where nothing is said. */
struct beside {
	const char *user, *password, *ca, *cert, *key, *sni;
	bool is_vouched;
};

static void *field_of(const struct setting_table *tables, void *config, const char *name)
{
	for (; tables->settings; tables++)
		for (const struct setting *s = tables->settings; s->name; s++)
			if (strcmp(s->name, name) == 0)
				return (char *)config + tables->base + s->offset;
	return NULL;
}

static const char *text_of(const struct setting_table *tables, void *config, const char *name)
{
	const char *const *field = field_of(tables, config, name);

	return field ? *field : "";
}

/* RFC 3986 2.1: all but its unreserved characters. */
static void add_encoded(struct buf *url, const char *text)
{
	for (; *text; text++)
		if (isalnum((unsigned char)*text) || strchr("-._~", *text))
			buf_char(url, *text);
		else
			buf_printf(url, "%%%02X", (unsigned char)*text);
}

static void add_option(struct buf *url, const char *name, const char *value, bool *has_query)
{
	if (!*value)
		return;
	buf_text(url, *has_query ? "&" : "?");
	*has_query = true;
	buf_printf(url, "%s=", name);
	add_encoded(url, value);
}

static const char *either(const char *own, const char *beside)
{
	return *own ? own : beside;
}

/* A login of the URL is one: its user does not get the other password. */
static void add_login(struct buf *url, const struct redis_place *place, const struct beside *beside)
{
	bool has_own = *place->user || *place->password;
	const char *user = has_own ? place->user : beside->user;
	const char *password = has_own ? place->password : beside->password;

	if (!*user && !*password)
		return;
	add_encoded(url, user);
	buf_char(url, ':');
	add_encoded(url, password);
	buf_char(url, '@');
}

static void add_server(struct buf *url, const struct redis_place *place,
		       const struct beside *beside)
{
	bool is_ipv6 = strchr(place->host, ':'), has_query = false;
	bool has_own_name = strcmp(place->name, place->host) != 0;

	buf_text(url, place->has_tls ? "rediss://" : "redis://");
	add_login(url, place, beside);
	buf_printf(url, is_ipv6 ? "[%s]:%d/%d" : "%s:%d/%d", place->host, place->port,
		   place->database);
	if (place->has_tls) {
		add_option(url, "ca", either(place->ca, beside->ca), &has_query);
		add_option(url, "cert", either(place->cert, beside->cert), &has_query);
		add_option(url, "key", either(place->key, beside->key), &has_query);
		add_option(url, "sni", has_own_name ? place->name : beside->sni, &has_query);
	}
	if (place->is_vouched || beside->is_vouched)
		add_option(url, "maxmemory_policy", "noeviction", &has_query);
}

static int check_beside(const struct beside *beside, const struct redis_servers *servers,
			struct err *err)
{
	bool has_tls = false;

	for (unsigned i = 0; i < servers->count; i++)
		has_tls |= servers->list[i].place.has_tls;
	if (*beside->user && !*beside->password)
		return err_config(err, "REDIS_PASSWORD: must be set with REDIS_USERNAME");
	if (!*beside->cert != !*beside->key)
		return err_config(err, "REDIS_TLS_CERT and REDIS_TLS_KEY: expected both or none");
	if (!has_tls && (*beside->ca || *beside->cert || *beside->sni))
		return err_config(err, "REDIS_URL: expected rediss://, since a REDIS_TLS_* is set");
	return 0;
}

static int write_urls(const struct redis_servers *servers, const struct beside *beside,
		      struct arena *texts, const char **ret, struct err *err)
{
	struct buf urls = BUF_MAX(URLS_MAX_BYTES);
	int r = check_beside(beside, servers, err);

	for (unsigned i = 0; r == 0 && i < servers->count; i++) {
		if (i > 0)
			buf_char(&urls, ',');
		add_server(&urls, &servers->list[i].place, beside);
	}
	if (r == 0 && buf_failed(&urls))
		r = err_config(err, "REDIS_URL: expected less than %d bytes", URLS_MAX_BYTES);
	if (r == 0)
		*ret = arena_text(texts, urls.bytes);
	buf_free(&urls);
	return r;
}

static bool is_said(const struct beside *beside)
{
	return *beside->user || *beside->password || *beside->ca || *beside->cert || *beside->key ||
	       *beside->sni || beside->is_vouched;
}

int config_redis(const struct setting_table *tables, void *config, struct arena *texts,
		 struct err *err)
{
	const int64_t *policy = field_of(tables, config, "REDIS_MAXMEMORY_POLICY");
	const struct beside beside = {
	    .user = text_of(tables, config, "REDIS_USERNAME"),
	    .password = text_of(tables, config, "REDIS_PASSWORD"),
	    .ca = text_of(tables, config, "REDIS_TLS_CA"),
	    .cert = text_of(tables, config, "REDIS_TLS_CERT"),
	    .key = text_of(tables, config, "REDIS_TLS_KEY"),
	    .sni = text_of(tables, config, "REDIS_TLS_SNI"),
	    .is_vouched = policy && *policy,
	};
	const char **url = field_of(tables, config, "REDIS_URL");
	struct redis_servers *servers = malloc(sizeof(*servers));
	int r;

	if (!servers)
		abort();
	r = redis_servers_read(servers, *url, NULL, 0, err);
	if (r == 0 && is_said(&beside))
		r = write_urls(servers, &beside, texts, url, err);
	free(servers);
	return r;
}
