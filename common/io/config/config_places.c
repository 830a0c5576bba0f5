/* config_places.c - see config_places.h. */
#include "config_places.h"

#include <string.h>

#include "common/base/text.h"
#include "common/io/http/http_listen.h"
#include "common/io/redis/redis_servers.h"

enum { PREFIX_MAX_BYTES = 200 }; /* the longest name of a topic has 249 */

static int check_listen(const char *text, struct err *err)
{
	return *text ? http_listen_check(text, err) : 0;
}

/* host[:port], with or without a protocol that the client library knows; nothing is shown of it. */
static bool is_broker(struct slice text)
{
	const uint8_t *scheme = memmem(text.bytes, text.len, "://", 3), *colon;
	int64_t port;
	struct err why;

	if (scheme)
		text = slice_of(scheme + 3, text.len - (size_t)(scheme + 3 - text.bytes));
	colon = text.len ? memrchr(text.bytes, ':', text.len) : NULL;
	if (!text.len || colon == text.bytes)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.bytes[i] <= ' ' || text.bytes[i] >= 0x7f || text.bytes[i] == '/')
			return false;
	if (!colon || text.bytes[text.len - 1] == ']')
		return true;
	colon++;
	text = slice_of(colon, text.len - (size_t)(colon - text.bytes));
	return text_int64(text, 1, 65535, &port, &why) == 0;
}

/* The list is shown in logs and errors, so a login, which is of no use in it, may not be there. */
static int check_brokers(const char *text, struct err *err)
{
	unsigned number = 0;

	if (strchr(text, '@'))
		return err_config(err,
				  "expected host:port, separated by commas, found a login (@)");
	for (size_t len; *text; text += len + (text[len] == ',')) {
		struct slice broker;

		len = strcspn(text, ",");
		broker = slice_trim(slice_of(text, len), " ");
		number++;
		if (!is_broker(broker))
			return err_config(
			    err, "broker %u: expected host:port, the port from 1 to 65535", number);
	}
	return 0;
}

/* What the broker takes in the name of a topic. */
static int check_prefix(const char *text, struct err *err)
{
	size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789._-");

	if (text[len] || len > PREFIX_MAX_BYTES)
		return err_config(err, "expected at most %d of A-Z, a-z, 0-9, '.', '_' and '-'",
				  PREFIX_MAX_BYTES);
	return 0;
}

static const struct {
	const char *name;
	int (*check)(const char *text, struct err *err);
} places[] = {
    {"NURTURE_LISTEN", check_listen},       {"NURTURE_ADMIN_LISTEN", check_listen},
    {"NURTURE_LMTP_LISTEN", check_listen},  {"KAFKA_BOOTSTRAP_SERVERS", check_brokers},
    {"NURTURE_TOPIC_PREFIX", check_prefix}, {"REDIS_URL", redis_check_urls},
};

static int check_setting(const struct setting *setting, const void *field, struct err *err)
{
	const char *text = *(const char *const *)field;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(places[i].name, setting->name) == 0 && places[i].check(text, err) < 0) {
			err->kind = ERR_CONFIG;
			return strncmp(err->text, setting->name, strlen(setting->name)) == 0
				   ? -1
				   : err_prefix(err, "%s", setting->name);
		}
	return 0;
}

/* The text of a setting; "" when there is no such one. */
static const char *text_of(const struct setting_table *tables, const void *config, const char *name)
{
	for (; tables->settings; tables++)
		for (const struct setting *s = tables->settings; s->name; s++)
			if (strcmp(s->name, name) == 0)
				return *(const char *const *)((const char *)config + tables->base +
							      s->offset);
	return "";
}

/* Checks that no two listeners are the same one; port 0 is another one each time. */
static int check_apart(const struct setting_table *tables, const void *config, struct err *err)
{
	static const char *const names[] = {"NURTURE_LISTEN", "NURTURE_ADMIN_LISTEN",
					    "NURTURE_LMTP_LISTEN"};
	const size_t count = sizeof(names) / sizeof(names[0]);

	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++) {
			const char *a = text_of(tables, config, names[i]);
			const char *colon = strrchr(a, ':');

			if (colon && strcmp(colon, ":0") != 0 &&
			    strcmp(a, text_of(tables, config, names[j])) == 0)
				return err_config(err,
						  "%s: expected another address than that of %s",
						  names[j], names[i]);
		}
	return 0;
}

int config_check_places(const struct setting_table *tables, const void *config, struct err *err)
{
	for (const struct setting_table *table = tables; table->settings; table++)
		for (const struct setting *s = table->settings; s->name; s++)
			if ((s->type == SETTING_TEXT || s->type == SETTING_SECRET) &&
			    check_setting(s, (const char *)config + table->base + s->offset, err) <
				0)
				return -1;
	return check_apart(tables, config, err);
}
