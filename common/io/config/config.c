/* config.c - see config.h.  The pages that it prints are in config_help.c. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/arena.h"
#include "common/base/text.h"
#include "config_help.h"
#include "config_places.h"
#include "config_secrets.h"

enum { SECRET_MAX_BYTES = 64 * 1024, NAME_MAX_BYTES = 128 };

const struct setting common_settings[] = {
    {"NURTURE_POLICY", SETTING_TEXT, offsetof(struct common_config, policy_file), NULL, 0, 0, NULL,
     "The shop's policy file."},
    {"KAFKA_BOOTSTRAP_SERVERS", SETTING_TEXT, offsetof(struct common_config, brokers),
     "localhost:9092", 0, 0, NULL, "Kafka brokers as host:port, separated by commas."},
    {"REDIS_URL", SETTING_SECRET, offsetof(struct common_config, redis_url),
     "redis://localhost:6379", 0, 0, NULL,
     "Redis servers, separated by commas; partition p lives on server p mod n."},
    {"NURTURE_CLOCK", SETTING_CHOICE, offsetof(struct common_config, clock), "wall", 0, 0,
     "wall|event", "Whether time is the wall clock's or what the events say (replay)."},
    {"NURTURE_INSTANCE", SETTING_TEXT, offsetof(struct common_config, instance), CONFIG_HOST_NAME,
     0, 0, NULL, "A name that no other running instance of the service has."},
    {"NURTURE_LISTEN", SETTING_TEXT, offsetof(struct common_config, listen), ":8080", 0, 0, NULL,
     "Address and port of the service's pages; of health and metrics too, unless they have their "
     "own."},
    {"NURTURE_ADMIN_LISTEN", SETTING_TEXT, offsetof(struct common_config, admin_listen), "", 0, 0,
     NULL, ADMIN_LISTEN_TEXT},
    {"NURTURE_CONNECTIONS_PER_ADDRESS", SETTING_INT,
     offsetof(struct common_config, connections_per_address), "1000", 8, 8192, NULL,
     CONNECTIONS_PER_ADDRESS_TEXT},
    {"NURTURE_ZONEINFO", SETTING_TEXT, offsetof(struct common_config, zoneinfo),
     "/usr/share/zoneinfo", 0, 0, NULL, "Directory of the IANA time zone files and zone.tab."},
    {"NURTURE_OUTCOME_FORMAT", SETTING_CHOICE, offsetof(struct common_config, outcome_format),
     "json", 0, 0, "json|protobuf", "How outcomes and tasks are written."},
    {"NURTURE_SESSION_TIMEOUT", SETTING_DURATION_MS,
     offsetof(struct common_config, session_timeout_ms), "10s", 6000, 300000, NULL,
     "How long the partitions of an instance that was killed wait for another owner."},
    {"NURTURE_TOPIC_PREFIX", SETTING_TEXT, offsetof(struct common_config, topic_prefix), "nurture.",
     0, 0, NULL, "What the names of all topics and consumer groups begin with."},
    {"LOG_LEVEL", SETTING_CHOICE, offsetof(struct common_config, log_level), "info", 0, 0,
     "error|warn|info|debug", "The least important log lines that are written."},
    {0},
};

/* What every program has beside its own tables. */
struct every_config {
	int64_t development;
};

const struct setting every_setting[] = {
    {"NURTURE_DEVELOPMENT", SETTING_CHOICE, offsetof(struct every_config, development), "no", 0, 0,
     "no|yes", "Whether secrets that everybody knows (" KNOWN_SECRET ") are taken."},
    {0},
};

/* The texts of all settings, for as long as the process lives. */
static struct arena texts;

/* A variable that is empty is one that is not set: that is what compose files make of `${X:-}`. */
static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static int read_choice(const struct setting *setting, const char *value, int64_t *ret,
		       struct err *err)
{
	char shown[TEXT_SHOWN_BYTES];
	const char *choice = setting->choices;

	for (int64_t index = 0;; index++) {
		size_t len = strcspn(choice, "|");

		if (slice_equal(slice_of(choice, len), slice_text(value))) {
			*ret = index;
			return 0;
		}
		if (!choice[len])
			break;
		choice += len + 1;
	}
	return err_set(err, "expected one of %s, found \"%s\"", setting->choices,
		       text_shown(slice_text(value), shown));
}

static int read_duration(const struct setting *setting, const char *value, int64_t *ret,
			 struct err *err)
{
	char least[32], most[32], shown[TEXT_SHOWN_BYTES];
	int64_t ms;

	if (text_duration_ms(slice_text(value), &ms, err) < 0)
		return -1;
	if (ms < setting->min || ms > setting->max)
		return err_set(err, "expected a duration from %s to %s, found \"%s\"",
			       duration_text(setting->min, least, sizeof(least)),
			       duration_text(setting->max, most, sizeof(most)),
			       text_shown(slice_text(value), shown));
	*ret = ms;
	return 0;
}

/* value into the setting's field of config. */
static int store_value(const struct setting *setting, const char *value, char *config,
		       struct err *err)
{
	void *field = config + setting->offset;

	switch (setting->type) {
	case SETTING_TEXT:
	case SETTING_SECRET:
		*(const char **)field = arena_text(&texts, value);
		return 0;
	case SETTING_INT:
		return text_int64(slice_text(value), setting->min, setting->max, field, err);
	case SETTING_DURATION_MS:
		return read_duration(setting, value, field, err);
	case SETTING_CHOICE:
		return read_choice(setting, value, field, err);
	}
	abort(); /* a type without a case is a bug */
}

/* The secret in the file that NAME_FILE names, without the line's end; *ret is malloc'ed. */
static int read_secret_file(const char *path, char **ret, struct err *err)
{
	char *bytes;
	size_t len;

	if (file_read(path, SECRET_MAX_BYTES, &bytes, &len, err) < 0)
		return -1;
	if (strlen(bytes) != len) {
		free(bytes);
		return err_config(err, "%s: expected text, found a zero byte", path);
	}
	if (len && bytes[len - 1] == '\n')
		bytes[--len] = '\0';
	if (len && bytes[len - 1] == '\r')
		bytes[--len] = '\0';
	*ret = bytes;
	return 0;
}

static int load_secret(const struct setting *setting, char *config, struct err *err)
{
	char name[NAME_MAX_BYTES];
	const char *path, *value = environment(setting->name);
	char *secret = NULL;
	int result;

	snprintf(name, sizeof(name), "%s_FILE", setting->name);
	path = environment(name);
	if (path && value)
		return err_set(err, "expected this or %s, found both", name);
	if (!path && !value && !setting->fallback)
		return err_set(err, "must be set, or %s", name);
	if (!path)
		return store_value(setting, value ? value : setting->fallback, config, err);
	if (read_secret_file(path, &secret, err) < 0)
		return -1;
	if (!*secret && (!setting->fallback || *setting->fallback))
		result = err_set(err, "%s holds no secret: it is empty", path);
	else
		result = store_value(setting, secret, config, err);
	free(secret);
	return result;
}

static int load_setting(const struct setting_table *table, const struct setting *setting,
			char *config, struct err *err)
{
	char host[256] = "";
	const char *value;

	if (setting->type == SETTING_SECRET)
		return load_secret(setting, config, err);
	value = environment(setting->name);
	if (!value)
		value = config_default(table, setting);
	if (!value)
		return err_set(err, "must be set: %s", setting->text);
	if (strcmp(value, CONFIG_HOST_NAME) == 0) {
		if (gethostname(host, sizeof(host) - 1) < 0 || !*host)
			return err_set(err, "must be set: this machine has no host name");
		value = host;
	}
	return store_value(setting, value, config, err);
}

void config_end_check(const struct common_config *config)
{
	if (!config->check_only)
		return;
	puts("ok");
	exit(fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_SUCCESS);
}

/* Where there are common settings, more than settings is to be checked. */
static void note_check(const struct setting_table *tables, char *config, bool check)
{
	struct common_config alone = {.check_only = check};

	for (; tables->settings; tables++) {
		if (tables->settings == common_settings) {
			((struct common_config *)(config + tables->base))->check_only = check;
			return;
		}
	}
	config_end_check(&alone);
}

static int load_table(const struct setting_table *table, void *config, struct err *err)
{
	for (const struct setting *s = table->settings; s->name; s++)
		if (load_setting(table, s, (char *)config + table->base, err) < 0) {
			err->kind = ERR_CONFIG;
			return err_prefix(err, "%s", s->name);
		}
	return 0;
}

int config_read(int argc, char **argv, const char *manual, const struct setting_table *tables,
		void *config, bool *ret_check, struct err *err)
{
	const struct setting_table every = {every_setting, 0, NULL}, *table = tables;
	struct every_config all;

	*ret_check = false;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--check-config") == 0)
			*ret_check = true;
		else if (strcmp(argv[i], "--help") != 0 && strcmp(argv[i], "--version") != 0)
			return err_config(err,
					  "unknown argument \"%.100s\": expected --help, "
					  "--version, --check-config or nothing",
					  argv[i]);
		else
			config_print_and_exit(argv[i], manual, tables);
	}
	if (load_table(&every, &all, err) < 0)
		return -1;
	for (; table->settings; table++)
		if (load_table(table, config, err) < 0)
			return -1;
	if (config_check_places(tables, config, err) < 0 ||
	    config_check_secrets(tables, config, all.development, err) < 0)
		return -1;
	return 0;
}

int config_load(int argc, char **argv, const char *manual, const struct setting_table *tables,
		void *config, struct err *err)
{
	bool check;

	if (config_read(argc, argv, manual, tables, config, &check, err) < 0)
		return -1;
	note_check(tables, config, check);
	return 0;
}
