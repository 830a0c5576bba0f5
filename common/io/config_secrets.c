/* config_secrets.c - see config_secrets.h. */
#include "config_secrets.h"

#include <string.h>
#include <strings.h>

#include "../base/slice.h"

/* The settings that say whom we talk to and who can talk to us. */
static const char *const places[] = {
    "KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL",	       "SMTP_URL",
    "NURTURE_LISTEN",	       "NURTURE_ADMIN_LISTEN", "NURTURE_LMTP_LISTEN",
};

static bool is_place(const char *name)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(places[i], name) == 0)
			return true;
	return false;
}

static bool starts_with(struct slice text, const char *start)
{
	size_t len = strlen(start);

	return text.len >= len && strncasecmp((const char *)text.bytes, start, len) == 0;
}

/* scheme://login@host:port/path, or less of it. */
static bool is_one_loopback(struct slice place)
{
	static const char *const names[] = {"localhost", "[::1]"};
	const uint8_t *at = memmem(place.bytes, place.len, "://", 3);

	if (at)
		place = slice_of(at + 3, place.len - (size_t)(at + 3 - place.bytes));
	at = memrchr(place.bytes, '@', place.len);
	if (at)
		place = slice_of(at + 1, place.len - (size_t)(at + 1 - place.bytes));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (starts_with(place, names[i]) &&
		    (place.len == len || strchr(":/", place.bytes[len])))
			return true;
	}
	return starts_with(place, "127.") &&
	       strspn((const char *)place.bytes, "0123456789.:/,") >= place.len;
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
