/* config.c - see config.h.  The pages that it prints are in config_help.c. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/arena.h"
#include "common/base/text.h"
#include "config_help.h"
#include "config_kafka.h"
#include "config_places.h"
#include "config_redis.h"
#include "config_secrets.h"
#include "config_tracing.h"

enum { NAME_MAX_BYTES = 128 };

const struct setting common_settings[] = {
    SETTING("NURTURE_POLICY", TEXT, common_config, policy_file, "The shop's policy file.",
	    REQUIRED),
    SETTING("KAFKA_BOOTSTRAP_SERVERS", TEXT, common_config, brokers,
	    "Kafka brokers as host:port, separated by commas.", DEFAULT("localhost:9092")),
    SETTING("REDIS_URL", SECRET, common_config, redis_url,
	    "Redis servers, separated by commas; partition p lives on server p mod n.",
	    DEFAULT("redis://localhost:6379")),
    SETTING("REDIS_USERNAME", TEXT, common_config, redis_username,
	    "The user at Redis, where REDIS_URL names none."),
    SETTING("REDIS_PASSWORD", SECRET, common_config, redis_password,
	    "The password at Redis, where REDIS_URL has none."),
    SETTING("REDIS_TLS_CA", TEXT, common_config, redis_ca,
	    "File of the authorities that a rediss:// server's certificate is checked with; empty: "
	    "this machine's own."),
    SETTING("REDIS_TLS_CERT", TEXT, common_config, redis_cert,
	    "File of our certificate for rediss:// servers, PEM."),
    SETTING("REDIS_TLS_KEY", TEXT, common_config, redis_key, "File of its key, PEM."),
    SETTING("REDIS_TLS_SNI", TEXT, common_config, redis_sni,
	    "The name in a rediss:// server's certificate, when it is not the host's."),
    SETTING(
	"REDIS_MAXMEMORY_POLICY", CHOICE, common_config, redis_policy,
	"How it is known that Redis forgets nothing: it is asked (INFO), or somebody vouches for "
	"noeviction.",
	CHOICES("ask|noeviction"), DEFAULT("ask")),
    SETTING("NURTURE_CLOCK", CHOICE, common_config, clock,
	    "Whether time is the wall clock's or what the events say (replay).",
	    CHOICES("wall|event"), DEFAULT("wall")),
    SETTING("NURTURE_INSTANCE", TEXT, common_config, instance,
	    "A name that no other running instance of the service has.", DEFAULT(CONFIG_HOST_NAME)),
    SETTING("NURTURE_LISTEN", TEXT, common_config, listen,
	    "Address and port of the service's pages; of health and metrics too, unless they have "
	    "their own.",
	    DEFAULT(":8080")),
    SETTING("NURTURE_ADMIN_LISTEN", TEXT, common_config, admin_listen, ADMIN_LISTEN_TEXT),
    SETTING("NURTURE_CONNECTIONS_PER_ADDRESS", INT, common_config, connections_per_address,
	    CONNECTIONS_PER_ADDRESS_TEXT, BETWEEN(8, 8192), DEFAULT("1000")),
    SETTING("NURTURE_ZONEINFO", TEXT, common_config, zoneinfo,
	    "Directory of the IANA time zone files and zone.tab.", DEFAULT("/usr/share/zoneinfo")),
    SETTING("NURTURE_OUTCOME_FORMAT", CHOICE, common_config, outcome_format,
	    "How outcomes and tasks are written.", CHOICES("json|protobuf"), DEFAULT("json")),
    SETTING("NURTURE_COMMIT_INTERVAL", DURATION_MS, common_config, commit_interval_ms,
	    "How long after a commit decisions that nobody waits for are gathered into the next "
	    "one; what sets off a mail, a task or an answer never waits. 0s: nothing does.",
	    BETWEEN(0, 10000), DEFAULT("500ms")),
    SETTING("NURTURE_SESSION_TIMEOUT", DURATION_MS, common_config, session_timeout_ms,
	    "How long the partitions of an instance that was killed wait for another owner.",
	    BETWEEN(6000, 300000), DEFAULT("10s")),
    SETTING("NURTURE_TOPIC_PREFIX", TEXT, common_config, topic_prefix,
	    "What the names of all topics and consumer groups begin with.", DEFAULT("nurture.")),
    SETTING("LOG_LEVEL", CHOICE, common_config, log_level,
	    "The least important log lines that are written.", CHOICES("error|warn|info|debug"),
	    DEFAULT("info")),
    SETTING("LOG_FORMAT", CHOICE, common_config, log_format,
	    "Whether a log line is key=value or a JSON object with ECS names.",
	    CHOICES("logfmt|json"), DEFAULT("logfmt")),
    {0},
};

/* What every program has beside its own tables. */
struct every_config {
	int64_t development;
};

const struct setting every_setting[] = {
    SETTING("NURTURE_DEVELOPMENT", CHOICE, every_config, development,
	    "Whether secrets that everybody knows (" KNOWN_SECRET ") are taken.", CHOICES("no|yes"),
	    DEFAULT("no")),
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

static int load_secret(const struct setting_table *table, const struct setting *setting,
		       char *config, struct err *err)
{
	char name[NAME_MAX_BYTES];
	const char *fallback = config_default(table, setting);
	const char *path, *value = environment(setting->name);
	char *secret = NULL;
	int result;

	snprintf(name, sizeof(name), "%s_FILE", setting->name);
	path = environment(name);
	if (path && value)
		return err_set(err, "expected this or %s, found both", name);
	if (!path && !value && !fallback)
		return err_set(err, "must be set, or %s", name);
	if (!path)
		return store_value(setting, value ? value : fallback, config, err);
	if (file_read_secret(path, &secret, err) < 0)
		return -1;
	if (!*secret && (!fallback || *fallback))
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
		return load_secret(table, setting, config, err);
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

/* The endpoint, headers and attributes of traces, where the program has them. */
static int check_tracing(const struct setting_table *tables, const void *config, struct err *err)
{
	for (; tables->settings; tables++)
		if (tables->settings == tracing_settings)
			return tracing_check((const void *)((const char *)config + tables->base),
					     err);
	return 0;
}

int config_read(int argc, char **argv, const char *manual, const struct setting_table *tables,
		void *config, bool *ret_check, struct err *err)
{
	const struct setting_table every = {every_setting, 0, NULL}, *table = tables;
	struct every_config all;

	*ret_check = false;
	config_tell_version();
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
	if (config_has(tables, "REDIS_URL") && config_redis(tables, config, &texts, err) < 0)
		return -1;
	if (config_has(tables, "KAFKA_BOOTSTRAP_SERVERS") && config_kafka(err) < 0)
		return -1;
	if (config_check_places(tables, config, err) < 0 ||
	    config_check_secrets(tables, config, all.development, err) < 0)
		return -1;
	return check_tracing(tables, config, err);
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
