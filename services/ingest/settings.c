/* settings.c - see settings.h. */
#include "settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/io/config/config_tracing.h"
#include "common/io/process/log.h"

static const struct setting settings[] = {
    SETTING("KAFKA_BOOTSTRAP_SERVERS", TEXT, ing_config, brokers,
	    "Kafka brokers as host:port, separated by commas.", DEFAULT("localhost:9092")),
    SETTING("NURTURE_INGEST_TOKENS", SECRET, ing_config, tokens,
	    "Who may publish: source=token, separated by commas or lines; two tokens a source at "
	    "most. A token whsec_... is a secret of Standard Webhooks: its owner signs with it."),
    SETTING("NURTURE_INGEST_OPEN", CHOICE, ing_config, open,
	    "Take events from everybody, without a token; only without tokens.",
	    CHOICES("false|true"), DEFAULT("false")),
    SETTING("NURTURE_INGEST_RATE", INT, ing_config, rate_per_second,
	    "Events a second that each source may publish, permits counted in; 0 is no limit.",
	    BETWEEN(0, 1000000), DEFAULT("0")),
    SETTING("NURTURE_INGEST_INFLIGHT", INT, ing_config, in_flight_max,
	    "Events that may wait for Kafka's acknowledgement before 503 is said; no less than one "
	    "request may come to.",
	    BETWEEN(2000, 100000), DEFAULT("20000")),
    SETTING("NURTURE_INGEST_THREADS", INT, ing_config, threads, "Threads that read requests.",
	    BETWEEN(1, 64), DEFAULT("2")),
    SETTING(
	"NURTURE_LISTEN", TEXT, ing_config, listen,
	"Address and port of the service; of health and metrics too, unless they have their own.",
	DEFAULT("127.0.0.1:8080")),
    SETTING("NURTURE_ADMIN_LISTEN", TEXT, ing_config, admin_listen, ADMIN_LISTEN_TEXT),
    SETTING("NURTURE_CONNECTIONS_PER_ADDRESS", INT, ing_config, connections_per_address,
	    CONNECTIONS_PER_ADDRESS_TEXT, BETWEEN(8, 8192), DEFAULT("1000")),
    SETTING("NURTURE_PERMITS", CHOICE, ing_config, permits,
	    "Whether other tools may ask at /v1/permits; events do not depend on it.",
	    CHOICES("off|on"), DEFAULT("on")),
    SETTING("NURTURE_PERMIT_TIMEOUT", DURATION_MS, ing_config, permit_timeout_ms,
	    "How long a question for a permit waits for its answer before 504 is said.",
	    BETWEEN(100, 8000), DEFAULT("2s")),
    SETTING("NURTURE_SHOP_HOOKS", SECRET, ing_config, shop_hooks,
	    "Shops whose webhooks are taken: NAME=SECRET[|SECRET2] and options behind it "
	    "(docs/ingest.md), separated by commas or lines."),
    SETTING("NURTURE_CATALOGUE", TEXT, ing_config, catalogue,
	    "A CSV file of sku or product id, category, name, url, image and gtin: for items that "
	    "come without a category; read again when it changes."),
    SETTING("NURTURE_TOPIC_PREFIX", TEXT, ing_config, topic_prefix,
	    "What the names of all topics begin with.", DEFAULT("nurture.")),
    SETTING("LOG_LEVEL", CHOICE, ing_config, log_level,
	    "The least important log lines that are written.", CHOICES("error|warn|info|debug"),
	    DEFAULT("info")),
    SETTING("LOG_FORMAT", CHOICE, ing_config, log_format,
	    "Whether a log line is key=value or a JSON object with ECS names.",
	    CHOICES("logfmt|json"), DEFAULT("logfmt")),
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

static int load_shops(const struct ing_config *config, struct ing_shops *shops, struct err *err)
{
	if (config->shop_hooks[0] &&
	    shop_hooks_parse(slice_text(config->shop_hooks), &shops->arena, &shops->hooks, err) < 0)
		return err_prefix(err, "NURTURE_SHOP_HOOKS");
	if (catalogue_file_check(config->catalogue, err) < 0)
		return err_prefix(err, "NURTURE_CATALOGUE");
	for (size_t i = 0; i < shops->hooks.count; i++)
		if (shops->hooks.list[i].shortest_secret < SHOP_SECRET_WEAK_BYTES)
			log_event(LOG_LEVEL_WARN, "weak_shop_secret", "source",
				  shops->hooks.list[i].source.name, "expected_bytes",
				  log_number(SHOP_SECRET_WEAK_BYTES), NULL);
	return 0;
}

int ing_config_load(int argc, char **argv, struct ing_config *config, struct ing_hooks *hooks,
		    struct ing_shops *shops, struct err *err)
{
	const struct setting_table tables[] = {
	    {settings, 0, NULL},
	    {bounce_settings, offsetof(struct ing_config, bounces), NULL},
	    {tracing_settings, offsetof(struct ing_config, tracing_options), NULL},
	    {tracking_settings, offsetof(struct ing_config, tracking), NULL},
	    {0}};
	bool check;

	if (config_read(argc, argv,
			"ingest - takes events over HTTP and answers when Kafka has them", tables,
			config, &check, err) < 0 ||
	    load_sources(config, err) < 0 ||
	    bounce_config_check(&config->bounces, hooks, err) < 0 ||
	    tracking_config_check(&config->tracking, err) < 0 || load_shops(config, shops, err) < 0)
		return -1;
	snprintf(config->events_topic, sizeof(config->events_topic), "%sevents",
		 config->topic_prefix);
	config_end_check(&(struct common_config){.check_only = check});
	warn(&config->sources);
	return 0;
}
