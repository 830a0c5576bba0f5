/* settings.c - see settings.h. */
#include "settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/io/process/log.h"

static const struct setting settings[] = {
    {"KAFKA_BOOTSTRAP_SERVERS", SETTING_TEXT, offsetof(struct ing_config, brokers),
     "localhost:9092", 0, 0, NULL, "Kafka brokers as host:port, separated by commas."},
    {"NURTURE_INGEST_TOKENS", SETTING_SECRET, offsetof(struct ing_config, tokens), "", 0, 0, NULL,
     "Who may publish: source=token, separated by commas or lines; two tokens a source at most."},
    {"NURTURE_INGEST_OPEN", SETTING_CHOICE, offsetof(struct ing_config, open), "false", 0, 0,
     "false|true", "Take events from everybody, without a token; only without tokens."},
    {"NURTURE_INGEST_RATE", SETTING_INT, offsetof(struct ing_config, rate_per_second), "0", 0,
     1000000, NULL,
     "Events a second that each source may publish, permits counted in; 0 is no limit."},
    {"NURTURE_INGEST_INFLIGHT", SETTING_INT, offsetof(struct ing_config, in_flight_max), "20000",
     1000, 100000, NULL, "Events that may wait for Kafka's acknowledgement before 503 is said."},
    {"NURTURE_INGEST_THREADS", SETTING_INT, offsetof(struct ing_config, threads), "2", 1, 64, NULL,
     "Threads that read requests."},
    {"NURTURE_LISTEN", SETTING_TEXT, offsetof(struct ing_config, listen), "127.0.0.1:8080", 0, 0,
     NULL,
     "Address and port of the service; of health and metrics too, unless they have their own."},
    {"NURTURE_ADMIN_LISTEN", SETTING_TEXT, offsetof(struct ing_config, admin_listen), "", 0, 0,
     NULL, ADMIN_LISTEN_TEXT},
    {"NURTURE_CONNECTIONS_PER_ADDRESS", SETTING_INT,
     offsetof(struct ing_config, connections_per_address), "1000", 8, 8192, NULL,
     CONNECTIONS_PER_ADDRESS_TEXT},
    {"NURTURE_PERMITS", SETTING_CHOICE, offsetof(struct ing_config, permits), "on", 0, 0, "off|on",
     "Whether other tools may ask at /v1/permits; events do not depend on it."},
    {"NURTURE_PERMIT_TIMEOUT", SETTING_DURATION_MS, offsetof(struct ing_config, permit_timeout_ms),
     "2s", 100, 8000, NULL,
     "How long a question for a permit waits for its answer before 504 is said."},
    {"NURTURE_TOPIC_PREFIX", SETTING_TEXT, offsetof(struct ing_config, topic_prefix), "nurture.", 0,
     0, NULL, "What the names of all topics begin with."},
    {"LOG_LEVEL", SETTING_CHOICE, offsetof(struct ing_config, log_level), "info", 0, 0,
     "error|warn|info|debug", "The least important log lines that are written."},
    {0},
};

static int load_sources(struct ing_config *config, struct err *err)
{
	int r = 0;

	if (config->open == 1 && config->tokens[0])
		return err_config(
		    err, "NURTURE_INGEST_OPEN is true although NURTURE_INGEST_TOKENS is set: "
			 "expected one of them");
	if (config->open == 1)
		ing_sources_open(&config->sources);
	else if (!config->tokens[0])
		r = err_config(err, "NURTURE_INGEST_TOKENS is empty: expected source=token, or "
				    "NURTURE_INGEST_OPEN=true to take events from everybody");
	else if (ing_sources_parse(slice_text(config->tokens), &config->sources, err) < 0)
		r = err_prefix(err, "NURTURE_INGEST_TOKENS");
	return r;
}

static void warn(const struct ing_sources *sources)
{
	if (sources->open)
		log_event(LOG_LEVEL_WARN, "authentication_disabled", "meaning",
			  "everybody may publish events", NULL);
	for (size_t i = 0; i < sources->count; i++)
		if (sources->list[i].weak)
			log_event(LOG_LEVEL_WARN, "weak_token", "source", sources->list[i].name,
				  "expected_bytes", log_number(ING_TOKEN_WEAK_BYTES), NULL);
}

int ing_config_load(int argc, char **argv, struct ing_config *config, struct ing_hooks *hooks,
		    struct err *err)
{
	const struct setting_table tables[] = {
	    {settings, 0, NULL},
	    {bounce_settings, offsetof(struct ing_config, bounces), NULL},
	    {0}};
	bool check;

	if (config_read(argc, argv,
			"ingest - takes events over HTTP and answers when Kafka has them", tables,
			config, &check, err) < 0 ||
	    load_sources(config, err) < 0 || bounce_config_check(&config->bounces, hooks, err) < 0)
		return -1;
	snprintf(config->events_topic, sizeof(config->events_topic), "%sevents",
		 config->topic_prefix);
	config_end_check(&(struct common_config){.check_only = check});
	warn(&config->sources);
	return 0;
}
