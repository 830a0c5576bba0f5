/* config_places.c - see config_places.h. */
#include "config_places.h"

#include <string.h>

#include "../base/url.h"
#include "http_listen.h"
#include "redis.h"
#include "smtp.h"

/* The rest of what a mail server's URL has to be hangs on other settings: smtp_options.c. */
static int check_smtp(const char *text, struct err *err)
{
	struct url url;

	return smtp_url_is_direct(text) ? 0 : url_parse(slice_text(text), &url, err);
}

static int check_listen(const char *text, struct err *err)
{
	return *text ? http_listen_check(text, err) : 0;
}

static const struct {
	const char *name;
	int (*check)(const char *text, struct err *err);
} places[] = {
    {"NURTURE_LISTEN", check_listen},
    {"NURTURE_ADMIN_LISTEN", check_listen},
    {"REDIS_URL", redis_check_urls},
    {"SMTP_URL", check_smtp},
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

int config_check_places(const struct setting_table *tables, const void *config, struct err *err)
{
	for (; tables->settings; tables++)
		for (const struct setting *s = tables->settings; s->name; s++)
			if ((s->type == SETTING_TEXT || s->type == SETTING_SECRET) &&
			    check_setting(s, (const char *)config + tables->base + s->offset, err) <
				0)
				return -1;
	return 0;
}
