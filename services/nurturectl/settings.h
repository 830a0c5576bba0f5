/* settings.h - what nurturectl is told by its environment, and the policy that a command is
 * given. */
#ifndef NURTURE_NURTURECTL_SETTINGS_H
#define NURTURE_NURTURECTL_SETTINGS_H

#include "common/base/err.h"
#include "common/io/config/config.h"
#include "common/policy/policy.h"
#include "services/ingest/catalogue/catalogue.h"

struct settings {
	struct common_config common; /* brokers, redis_url, policy_file ("" unless set),
					topic_prefix, clock, zoneinfo */
	const char *templates;       /* NURTURE_TEMPLATES, "" unless set */
	const char *catalogue_file;  /* NURTURE_CATALOGUE, "" unless set */
	const char *coupon_key;      /* NURTURE_COUPON_KEY, "" unless set */
	const char *console_view;    /* NURTURE_CONSOLE_VIEW, "" unless set */
	const char *token_key, *token_key_before; /* NURTURE_TOKEN_KEY(_BEFORE), "" unless set */
	/* once settings_policy() was called; lives as long as the process */
	const struct policy *policy;
	/* once settings_catalogue() was called; likewise; NULL: there is none */
	const struct catalogue *catalogue;
};

int settings_load(struct settings *ret, struct err *err);
/* The names that settings_load() looks at, with their texts, on stdout. */
void settings_print(void);

/*
 * Reads file, or NURTURE_POLICY when file is NULL, into settings->policy.
 * templates as in policy_load().
 */
int settings_policy(struct settings *settings, const char *file, const char *const *templates,
		    struct err *err);

/* Reads file, or NURTURE_CATALOGUE when file is NULL, into settings->catalogue; "" is none. */
int settings_catalogue(struct settings *settings, const char *file, struct err *err);

/* "nurture." + name; room for any topic. */
enum { TOPIC_NAME_BYTES = 256 };
const char *settings_topic(const struct settings *settings, const char *name,
			   char text[TOPIC_NAME_BYTES]);

#endif
