/* config_secrets.c - see config_secrets.h. */
#include "config_secrets.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "common/base/buf.h"
#include "common/base/url.h"

enum { PLACE_MAX_BYTES = 4096 };

/* The settings that say whom we talk to and who can talk to us. */
static const char *const places[] = {
    "KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL",           "SMTP_URL", "NURTURE_LISTEN",
    "NURTURE_ADMIN_LISTEN",    "NURTURE_LMTP_LISTEN",
};

static bool is_place(const char *name)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(places[i], name) == 0)
			return true;
	return false;
}

/* A name or an address that only this machine is. */
static bool is_loopback_host(const struct url *url)
{
	struct in_addr address;
	struct in6_addr address6;

	if (url->is_ipv6)
		return inet_pton(AF_INET6, url->host, &address6) == 1 &&
		       IN6_IS_ADDR_LOOPBACK(&address6);
	return strcasecmp(url->host, "localhost") == 0 ||
	       (inet_pton(AF_INET, url->host, &address) == 1 &&
		ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET);
}

/* scheme://login@host:port/path, or less of it. */
static bool is_one_loopback(struct slice place)
{
	struct buf whole = BUF_MAX(PLACE_MAX_BYTES);
	struct url url;
	struct err ignored;
	bool ret;

	/* A listener may ask for any free port; a URL has none of that number. */
	if (place.len > 2 && memcmp(place.bytes + place.len - 2, ":0", 2) == 0)
		place.len -= 2;
	if (!memmem(place.bytes, place.len, "://", 3))
		buf_text(&whole, "any://");
	buf_add(&whole, place.bytes, place.len);
	ret = !whole.failed && url_parse(buf_slice(&whole), &url, &ignored) == 0 &&
	      is_loopback_host(&url);
	buf_free(&whole);
	return ret;
}

bool config_is_loopback(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, ",");

		if (!is_one_loopback(slice_of(text, len)))
			return false;
		text += len + (text[len] == ',');
	}
	return true;
}

static const char *value_of(const struct setting_table *table, const struct setting *setting,
			    const void *config)
{
	return *(const char *const *)(const void *)((const char *)config + table->base +
						    setting->offset);
}

/* The first secret that everybody knows, or NULL. */
static const char *find_known(const struct setting_table *tables, const void *config)
{
	for (; tables->settings; tables++)
		for (const struct setting *s = tables->settings; s->name; s++)
			if (s->type == SETTING_SECRET &&
			    strstr(value_of(tables, s, config), KNOWN_SECRET))
				return s->name;
	return NULL;
}

/* The first setting whose address is not this machine alone, or NULL. */
static const char *find_open(const struct setting_table *tables, const void *config)
{
	for (; tables->settings; tables++)
		for (const struct setting *s = tables->settings; s->name; s++)
			if (is_place(s->name) && !config_is_loopback(value_of(tables, s, config)))
				return s->name;
	return NULL;
}

int config_check_secrets(const struct setting_table *tables, const void *config,
			 bool is_development, struct err *err)
{
	const char *known = find_known(tables, config), *open;

	if (!known || is_development)
		return 0;
	open = find_open(tables, config);
	if (!open)
		return 0;
	return err_config(err,
			  "%s: \"" KNOWN_SECRET "\" is known to everybody, and %s is no loopback "
			  "address: set a secret of your own (openssl rand -base64 24), or "
			  "NURTURE_DEVELOPMENT=yes to try things out",
			  known, open);
}
