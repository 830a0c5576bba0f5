/* settings.h - the settings of the console. */
#ifndef NURTURE_CONSOLE_SETTINGS_H
#define NURTURE_CONSOLE_SETTINGS_H

#include "common/io/config/config.h"
#include "common/policy/policy.h"
#include "common/web/site.h"
#include "services/console/who/who_config.h"

struct con_config {
	/* Of these: brokers, policy_file, clock, listen, admin_listen, connections_per_address,
	 * zoneinfo, topic_prefix, log_level, log_format. */
	struct common_config common;
	const char *view;      /* the file of the view */
	const char *sign_outs; /* beside it: sessions that were ended; the arena's of who */
	const struct policy *policy;
	struct con_who_config who;
	struct web_site site;
	char events_topic[256]; /* with its prefix */
};

/*
 * Reads and checks all settings and the policy; with --check-config the program ends after that.
 */
int con_config_load(int argc, char **argv, struct con_config *ret, struct err *err);

#endif
