/*
 * config.h - settings from the environment: one table per program.
 *
 * The table is all there is: `--help` prints it, `--check-config` checks it,
 * docs/settings.md is generated from it.  A secret may also come from a file
 * (NAME_FILE).  What is missing or out of range is ERR_CONFIG (exit 100).
 */
#ifndef NURTURE_IO_CONFIG_CONFIG_H
#define NURTURE_IO_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/io/tracing/tracing.h"

enum setting_type {
	SETTING_TEXT,
	SETTING_SECRET,
	SETTING_INT,
	SETTING_DURATION_MS,
	SETTING_CHOICE
};

struct setting {
	const char *name; /* "KAFKA_BOOTSTRAP_SERVERS" */
	const char *text; /* one sentence */
	enum setting_type type;
	size_t offset;        /* of the member: const char * or int64_t (CHOICE: index) */
	bool is_required;     /* there is no default */
	const char *fallback; /* default as text; NULL: empty */
	int64_t min, max;     /* INT, DURATION_MS */
	const char *choices;  /* CHOICE: "wall|event" */
};

/*
 * A row of a table: SETTING("SMTP_URL", TEXT, sender_config, smtp_url, "Mail server.").  What
 * differs from a text that may be empty stands behind it: REQUIRED, DEFAULT("8"), BETWEEN(1, 256),
 * CHOICES("off|on").
 */
#define SETTING(setting_name, setting_type, owner, member, sentence, ...)                          \
	{.name = setting_name,                                                                     \
	 .text = sentence,                                                                         \
	 .type = SETTING_##setting_type,                                                           \
	 .offset = offsetof(struct owner, member),                                                 \
	 __VA_ARGS__}
#define REQUIRED .is_required = true
#define DEFAULT(value) .fallback = (value)
#define BETWEEN(least, most) .min = (least), .max = (most)
#define CHOICES(words) .choices = (words)

/* Settings of all services; put into a table list by COMMON_SETTINGS. */
struct common_config {
	const char *brokers; /* KAFKA_BOOTSTRAP_SERVERS, default localhost:9092 */
	/* REDIS_URL, default redis://localhost:6379; several: comma-separated. The settings below
	   have gone into it, for each server that does not say otherwise (config_redis.h). */
	const char *redis_url;
	const char *redis_username, *redis_password, *redis_ca, *redis_cert, *redis_key, *redis_sni;
	int64_t redis_policy;    /* REDIS_MAXMEMORY_POLICY ask|noeviction */
	const char *policy_file; /* NURTURE_POLICY, required */
	int64_t clock;           /* NURTURE_CLOCK wall|event */
	/* NURTURE_INSTANCE: unique per running instance; default the host name */
	const char *instance;
	const char *listen; /* NURTURE_LISTEN: address:port of health, metrics (and the service's
			       own pages) */
	const char *admin_listen; /* NURTURE_ADMIN_LISTEN: of health and metrics alone; "": they are
				     at listen */
	int64_t connections_per_address; /* NURTURE_CONNECTIONS_PER_ADDRESS */
	const char *zoneinfo;            /* NURTURE_ZONEINFO, default /usr/share/zoneinfo */
	int64_t outcome_format;          /* NURTURE_OUTCOME_FORMAT json|protobuf */
	int64_t commit_interval_ms; /* NURTURE_COMMIT_INTERVAL, default 500ms, 0s..10s: for so long
				       what nobody waits for is gathered into one commit */
	int64_t session_timeout_ms; /* NURTURE_SESSION_TIMEOUT, default 10s, 6s..5m: a killed
					    instance's partitions wait this long */
	const char *topic_prefix;   /* NURTURE_TOPIC_PREFIX, default "nurture." */
	int64_t log_level;  /* LOG_LEVEL, an enum log_level; log_open() reads it by itself */
	int64_t log_format; /* LOG_FORMAT logfmt|json, too */
	struct tracing_options tracing; /* of tracing_settings (config_tracing.h) */
	bool check_only;                /* --check-config; see config_end_check() */
};

enum { CLOCK_WALL, CLOCK_EVENT };

/* Of settings that are in more than one table. */
#define ADMIN_LISTEN_TEXT                                                                          \
	"Address and port of /livez, /readyz and /metrics alone, which NURTURE_LISTEN then "       \
	"answers "                                                                                 \
	"404; empty: they are there."
#define CONNECTIONS_PER_ADDRESS_TEXT                                                               \
	"HTTP connections of one address at once, half of them without a whole request; a proxy "  \
	"in "                                                                                      \
	"front is one address."

/* Every program has these, whatever its tables: NURTURE_DEVELOPMENT. */
extern const struct setting every_setting[];
/* Ends with a NULL name; offsets into common_config. */
extern const struct setting common_settings[];

/*
 * Fills config from the environment.  tables: pairs of table and the offset
 * of its struct in config, ended by a NULL table.  Handles --help,
 * --version and, without common settings, --check-config by printing and
 * exiting 0.  Any other argument is an error.  A variable that is empty counts as not set.  Texts
 * live as long as the process.
 */
struct setting_table {
	const struct setting *settings;
	size_t base;
	const char *listen_default; /* NURTURE_LISTEN differs per service; NULL elsewhere */
};
/* {COMMON_SETTINGS(struct x, common, ":8081")} with the default of NURTURE_LISTEN last. */
#define COMMON_SETTINGS(type, member, listen) common_settings, offsetof(type, member), listen
int config_load(int argc, char **argv, const char *manual, const struct setting_table *tables,
		void *config, struct err *err);
/*
 * The same for a program without common settings that has more to read: the program goes on, and
 * *ret_check says whether config_end_check() must say "ok" afterwards.
 */
int config_read(int argc, char **argv, const char *manual, const struct setting_table *tables,
		void *config, bool *ret_check, struct err *err);

/*
 * With --check-config: says "ok" and exits 0.  To be called when everything
 * that the settings name has been read too: the policy, templates, keys.
 */
void config_end_check(const struct common_config *config);

/* The tables' part of --help on stdout, for a program that has options of its own. */
void config_print_settings(const struct setting_table *tables);

/* The whole file, NUL-terminated behind len; caller frees with free(). At most max_bytes. */
int file_read(const char *path, size_t max_bytes, char **ret, size_t *ret_len, struct err *err);
/* The same of what a directory lists: a pipe among its files would be waited for without end. */
int file_read_regular(const char *path, size_t max_bytes, char **ret, size_t *ret_len,
		      struct err *err);

/* The secret in a file, without the line's end; caller frees it. ERR_CONFIG names the file. */
int file_read_secret(const char *path, char **ret, struct err *err);

/* Whether one of the tables has a setting of this name. */
bool config_has(const struct setting_table *tables, const char *name);

/*
 * Reads NURTURE_POLICY with its zones; both live as long as the process, which decides by this one
 * policy until it ends (docs/operations.md says why), and tells its hash as nurture_policy_info.
 * templates: the names that exist, ended by NULL; NULL: not checked.
 */
struct policy;
int config_policy(const struct common_config *config, const char *const *templates,
		  const struct policy **ret, struct err *err);

#endif
