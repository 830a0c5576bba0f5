/* settings.c - see settings.h. */
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/token/token_keys.h"

/* Of the settings that all services share, those that mean something here. */
static const char *const shared[] = {
    "KAFKA_BOOTSTRAP_SERVERS", "NURTURE_POLICY",   "NURTURE_TOPIC_PREFIX",
    "NURTURE_CLOCK",           "NURTURE_ZONEINFO", "REDIS_URL",
    "REDIS_USERNAME",          "REDIS_PASSWORD",   "REDIS_TLS_CA",
    "REDIS_TLS_CERT",          "REDIS_TLS_KEY",    "REDIS_TLS_SNI",
    "REDIS_MAXMEMORY_POLICY"};
enum { SHARED_COUNT = sizeof(shared) / sizeof(*shared) };

static const struct setting own_settings[] = {
    SETTING("NURTURE_TEMPLATES", TEXT, settings, templates,
	    "Directory of the mail templates, for check and preview."),
    SETTING("NURTURE_CATALOGUE", TEXT, settings, catalogue_file,
	    "Categories by sku or product id, for files of orders and hook."),
    SETTING("NURTURE_COUPON_KEY", SECRET, settings, coupon_key,
	    "The scheduler's key for signed coupon codes, for coupon."),
    SETTING(TOKEN_KEY_SETTING, SECRET, settings, token_key,
	    "The email-sender's keys of return paths, one a line, for bounce; for tasks --calendar "
	    "those of the desk."),
    SETTING(TOKEN_KEY_BEFORE_SETTING, SECRET, settings, token_key_before,
	    "Older keys, one a line, for bounce."),
    SETTING("NURTURE_CONSOLE_VIEW", TEXT, settings, console_view,
	    "The file of the console's view, for rebuild."),
    {0},
};

/* No command needs a policy but those that say so. */
static void pick_shared(struct setting ret[SHARED_COUNT + 1])
{
	for (size_t i = 0; i < SHARED_COUNT; i++) {
		const struct setting *from = common_settings;

		while (strcmp(from->name, shared[i]) != 0)
			from++;
		ret[i] = *from;
		ret[i].is_required = false;
	}
	ret[SHARED_COUNT] = (struct setting){0};
}

int settings_load(struct settings *ret, struct err *err)
{
	struct setting picked[SHARED_COUNT + 1];
	const struct setting_table tables[] = {
	    {picked, offsetof(struct settings, common), NULL}, {own_settings, 0, NULL}, {0}};

	pick_shared(picked);
	*ret = (struct settings){0};
	return config_load(0, NULL, "", tables, ret, err);
}

void settings_print(void)
{
	struct setting picked[SHARED_COUNT + 1];
	const struct setting_table tables[] = {
	    {picked, offsetof(struct settings, common), NULL}, {own_settings, 0, NULL}, {0}};

	pick_shared(picked);
	config_print_settings(tables);
}

int settings_policy(struct settings *settings, const char *file, const char *const *templates,
		    struct err *err)
{
	struct common_config config = settings->common;

	if (file)
		config.policy_file = file;
	if (!config.policy_file[0])
		return err_config(err, "which policy? Say so with --policy FILE or NURTURE_POLICY");
	return config_policy(&config, templates, &settings->policy, err);
}

int settings_catalogue(struct settings *settings, const char *file, struct err *err)
{
	/* What settings->catalogue is made of, which is read once. */
	static struct catalogue catalogue;
	static struct arena arena;
	struct slice text;
	char *bytes;
	size_t len;

	if (!file)
		file = settings->catalogue_file;
	if (!file || !*file)
		return 0;
	if (file_read(file, CATALOGUE_MAX_BYTES, &bytes, &len, err) < 0)
		return err_config(err, "%s: %s", file, strerror(errno));
	text = slice_of(arena_copy(&arena, bytes, len), len);
	free(bytes);
	if (catalogue_read(text, &arena, &catalogue, err) < 0)
		return err_prefix(err, "%s", file);
	settings->catalogue = &catalogue;
	return 0;
}

const char *settings_topic(const struct settings *settings, const char *name,
			   char text[TOPIC_NAME_BYTES])
{
	snprintf(text, TOPIC_NAME_BYTES, "%s%s", settings->common.topic_prefix, name);
	return text;
}
