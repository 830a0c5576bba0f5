/* settings.c - see settings.h. */
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/arena.h"
#include "services/console/pages/site.h"

static const struct setting settings[] = {
    SETTING("KAFKA_BOOTSTRAP_SERVERS", TEXT, con_config, common.brokers,
	    "Kafka brokers as host:port, separated by commas.", DEFAULT("localhost:9092")),
    SETTING("NURTURE_POLICY", TEXT, con_config, common.policy_file, "The policy file.", REQUIRED),
    SETTING("NURTURE_CONSOLE_VIEW", TEXT, con_config, view,
	    "The file of the view, in a directory of its own; it may be thrown away at any time.",
	    REQUIRED),
    SETTING("NURTURE_CLOCK", CHOICE, con_config, common.clock,
	    "Whether time is the wall clock's or what the events say (replay).",
	    CHOICES("wall|event"), DEFAULT("wall")),
    SETTING("NURTURE_LISTEN", TEXT, con_config, common.listen,
	    "Address and port of the service; of health and metrics too, unless they have their "
	    "own.",
	    DEFAULT(":8085")),
    SETTING("NURTURE_ADMIN_LISTEN", TEXT, con_config, common.admin_listen, ADMIN_LISTEN_TEXT),
    SETTING("NURTURE_CONNECTIONS_PER_ADDRESS", INT, con_config, common.connections_per_address,
	    CONNECTIONS_PER_ADDRESS_TEXT, BETWEEN(8, 8192), DEFAULT("1000")),
    SETTING("NURTURE_ZONEINFO", TEXT, con_config, common.zoneinfo, "Directory of the time zones.",
	    DEFAULT("/usr/share/zoneinfo")),
    SETTING("NURTURE_TOPIC_PREFIX", TEXT, con_config, common.topic_prefix,
	    "What the names of all topics begin with.", DEFAULT("nurture.")),
    SETTING("LOG_LEVEL", CHOICE, con_config, common.log_level,
	    "The least important log lines that are written.", CHOICES("error|warn|info|debug"),
	    DEFAULT("info")),
    SETTING("LOG_FORMAT", CHOICE, con_config, common.log_format,
	    "Whether a log line is key=value or a JSON object with ECS names.",
	    CHOICES("logfmt|json"), DEFAULT("logfmt")),
    {0},
};

/* The file and those beside it are made and removed there. */
static int check_directory(const char *path, struct err *err)
{
	const char *end = strrchr(path, '/');
	struct arena arena = {0};
	const char *directory = !end          ? "."
				: end == path ? "/"
					      : arena_copy(&arena, path, (size_t)(end - path));
	int r = 0;

	if (access(directory, W_OK | X_OK) < 0)
		r = err_config(err,
			       "NURTURE_CONSOLE_VIEW: %s: %s; expected a directory in which "
			       "files may be made",
			       directory, strerror(errno));
	arena_free(&arena);
	return r;
}

int con_config_load(int argc, char **argv, struct con_config *ret, struct err *err)
{
	const struct setting_table tables[] = {
	    {settings, 0, NULL}, {con_who_settings, offsetof(struct con_config, who), NULL}, {0}};

	if (config_read(argc, argv, "console - what the shop's people look at", tables, ret,
			&ret->common.check_only, err) < 0 ||
	    config_policy(&ret->common, NULL, &ret->policy, err) < 0 ||
	    check_directory(ret->view, err) < 0 || con_who_config_check(&ret->who, err) < 0 ||
	    con_site_open(&ret->site, err) < 0)
		return -1;
	ret->sign_outs = arena_printf(&ret->who.arena, "%s-sign-outs", ret->view);
	snprintf(ret->events_topic, sizeof(ret->events_topic), "%sevents",
		 ret->common.topic_prefix);
	config_end_check(&ret->common);
	return 0;
}
