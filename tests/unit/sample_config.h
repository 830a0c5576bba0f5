/* sample_config.h - the settings of a service that does not exist. */
#ifndef NURTURE_TESTS_SAMPLE_CONFIG_H
#define NURTURE_TESTS_SAMPLE_CONFIG_H

#include <stdlib.h>

#include "common/io/config/config.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

struct sample_config {
	struct common_config common;
	const char *url, *key;
	int64_t threads, deadline_ms, mode;
};

static const struct setting sample_settings[] = {
    SETTING("SAMPLE_URL", TEXT, sample_config, url, "Where mails go.", DEFAULT("smtp://localhost")),
    SETTING("SAMPLE_KEY", SECRET, sample_config, key, "What links are signed with.", REQUIRED),
    SETTING("SAMPLE_THREADS", INT, sample_config, threads, "How many threads.", BETWEEN(1, 64),
	    DEFAULT("4")),
    SETTING("SAMPLE_DEADLINE", DURATION_MS, sample_config, deadline_ms,
	    "How long an answer may take.", BETWEEN(1000, 60000), DEFAULT("10s")),
    SETTING("SAMPLE_MODE", CHOICE, sample_config, mode, "Whether it is meant.",
	    CHOICES("off|test|live"), DEFAULT("off")),
    {0},
};

static const struct setting_table tables[] = {
    {COMMON_SETTINGS(struct sample_config, common, ":9999")},
    {.settings = sample_settings},
    {0},
};

static const char *const names[] = {
    "KAFKA_BOOTSTRAP_SERVERS",
    "REDIS_URL",
    "REDIS_URL_FILE",
    "NURTURE_POLICY",
    "NURTURE_CLOCK",
    "NURTURE_INSTANCE",
    "NURTURE_LISTEN",
    "NURTURE_ADMIN_LISTEN",
    "NURTURE_ZONEINFO",
    "NURTURE_OUTCOME_FORMAT",
    "NURTURE_TOPIC_PREFIX",
    "LOG_LEVEL",
    "SAMPLE_URL",
    "SAMPLE_KEY",
    "SAMPLE_KEY_FILE",
    "SAMPLE_THREADS",
    "SAMPLE_DEADLINE",
    "SAMPLE_MODE",
};

/* Nothing but what must be set. */
static inline int set_least(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		unsetenv(names[i]);
	setenv("NURTURE_POLICY", "shop.yaml", 1);
	setenv("SAMPLE_KEY", "k", 1);
	return 0;
}

#endif
