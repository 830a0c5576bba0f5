/*
 * main.c - the page: settings, open, serve until told to stop, drain.
 */
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/ingest/bounces/bounce_config.h"
#include "common/io/process/clock.h"
#include "common/io/config/config.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "routes.h"

static const char manual[] =
    "NAME      ingest - takes events over HTTP and answers when Kafka has them\n"
    "SERVES    POST /v1/events: JSON, arrays of it, CloudEvents, protobuf (docs/ingest.md)\n"
    "          POST /v1/permits: another tool asks whether it may write to a person\n"
    "          POST /v1/bounces/PROVIDER/SECRET: webhooks of mail providers (docs/bounces.md)\n"
    "          LMTP and SMTP on NURTURE_LMTP_LISTEN: bounces\n"
    "          GET /livez, /readyz, /metrics\n"
    "EMITS     nurture.events     as it came in, key = customer id; bounces and complaints\n"
    "          nurture.deadletter bounces of which nobody can say whose they are\n"
    "          nurture.requests   questions of other tools, channel external\n"
    "READS     nurture.answers, nurture.deadletter: what the scheduler says to them; in no group\n"
    "STATE     none\n"
    "FAILURE   Kafka does not acknowledge: 503, and the publisher sends again; ids make that\n"
    "          harmless.  The Kafka client gives up for good: exit 111.  Settings: exit 100.\n";

enum { DELIVERY_MS = 4000, ANSWER_MS = 10000, LOOK_MS = 500 };

struct config {
	const char *brokers, *listen, *admin_listen, *topic_prefix, *tokens;
	int64_t open, rate_per_second, in_flight_max, threads, connections_per_address, permits,
	    permit_timeout_ms, log_level;
	struct bounce_config bounces;
};

static const struct setting settings[] = {
    {"KAFKA_BOOTSTRAP_SERVERS", SETTING_TEXT, offsetof(struct config, brokers), "localhost:9092", 0,
     0, NULL, "Kafka brokers as host:port, separated by commas."},
    {"NURTURE_INGEST_TOKENS", SETTING_SECRET, offsetof(struct config, tokens), "", 0, 0, NULL,
     "Who may publish: source=token, separated by commas or lines; two tokens a source at most."},
    {"NURTURE_INGEST_OPEN", SETTING_CHOICE, offsetof(struct config, open), "false", 0, 0,
     "false|true", "Take events from everybody, without a token; only without tokens."},
    {"NURTURE_INGEST_RATE", SETTING_INT, offsetof(struct config, rate_per_second), "0", 0, 1000000,
     NULL, "Events a second that each source may publish, permits counted in; 0 is no limit."},
    {"NURTURE_INGEST_INFLIGHT", SETTING_INT, offsetof(struct config, in_flight_max), "20000", 1000,
     100000, NULL, "Events that may wait for Kafka's acknowledgement before 503 is said."},
    {"NURTURE_INGEST_THREADS", SETTING_INT, offsetof(struct config, threads), "2", 1, 64, NULL,
     "Threads that read requests."},
    {"NURTURE_LISTEN", SETTING_TEXT, offsetof(struct config, listen), "127.0.0.1:8080", 0, 0, NULL,
     "Address and port of the service; of health and metrics too, unless they have their own."},
    {"NURTURE_ADMIN_LISTEN", SETTING_TEXT, offsetof(struct config, admin_listen), "", 0, 0, NULL,
     ADMIN_LISTEN_TEXT},
    {"NURTURE_CONNECTIONS_PER_ADDRESS", SETTING_INT,
     offsetof(struct config, connections_per_address), "1000", 8, 8192, NULL,
     CONNECTIONS_PER_ADDRESS_TEXT},
    {"NURTURE_PERMITS", SETTING_CHOICE, offsetof(struct config, permits), "on", 0, 0, "off|on",
     "Whether other tools may ask at /v1/permits; events do not depend on it."},
    {"NURTURE_PERMIT_TIMEOUT", SETTING_DURATION_MS, offsetof(struct config, permit_timeout_ms),
     "2s", 100, 8000, NULL,
     "How long a question for a permit waits for its answer before 504 is said."},
    {"NURTURE_TOPIC_PREFIX", SETTING_TEXT, offsetof(struct config, topic_prefix), "nurture.", 0, 0,
     NULL, "What the names of all topics begin with."},
    {"LOG_LEVEL", SETTING_CHOICE, offsetof(struct config, log_level), "info", 0, 0,
     "error|warn|info|debug", "The least important log lines that are written."},
    {0},
};

struct ingest {
	struct config config;
	struct ing_sources sources;
	char topic[250];
	struct producer *producer;
	struct ing_service service;
	struct http_server *server;
};

static int load_sources(struct config *config, struct ing_sources *ret, struct err *err)
{
	int r = 0;

	if (config->open == 1 && config->tokens[0])
		return err_config(
		    err, "NURTURE_INGEST_OPEN is true although NURTURE_INGEST_TOKENS is set: "
			 "expected one of them");
	if (config->open == 1)
		ing_sources_open(ret);
	else if (!config->tokens[0])
		r = err_config(err, "NURTURE_INGEST_TOKENS is empty: expected source=token, or "
				    "NURTURE_INGEST_OPEN=true to take events from everybody");
	else if (ing_sources_parse(slice_text(config->tokens), ret, err) < 0)
		r = err_prefix(err, "NURTURE_INGEST_TOKENS");
	return r;
}

static int load(int argc, char **argv, struct ingest *ingest, struct err *err)
{
	const struct setting_table tables[] = {
	    {settings, 0, NULL}, {bounce_settings, offsetof(struct config, bounces), NULL}, {0}};
	/* config_load() would say "ok" before the tokens were looked at. */
	bool check = argc == 2 && strcmp(argv[1], "--check-config") == 0;

	if (config_load(check ? 1 : argc, argv, manual, tables, &ingest->config, err) < 0 ||
	    load_sources(&ingest->config, &ingest->sources, err) < 0 ||
	    bounce_config_check(&ingest->config.bounces, &ingest->service.hooks, err) < 0)
		return -1;
	if (snprintf(ingest->topic, sizeof(ingest->topic), "%sevents",
		     ingest->config.topic_prefix) >= (int)sizeof(ingest->topic))
		return err_config(err, "NURTURE_TOPIC_PREFIX: expected fewer than %zu bytes",
				  sizeof(ingest->topic) - strlen("events"));
	if (check) {
		puts("ok");
		exit(fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_SUCCESS);
	}
	return 0;
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

static int open_permits(struct ingest *ingest, bool kafka_is_there, struct err *err)
{
	const struct ing_permits_options options = {
	    .brokers = ingest->config.brokers,
	    .topic_prefix = ingest->config.topic_prefix,
	    .admission = &ingest->service.admission,
	    .timeout_ms = ingest->config.permit_timeout_ms,
	    .delivery_timeout_ms = DELIVERY_MS,
	    .wait = kafka_is_there,
	};

	return ingest->config.permits ? ing_permits_open(&ingest->service.permits, &options, err)
				      : 0;
}

static int open_all(struct ingest *ingest, struct err *err)
{
	const struct config *config = &ingest->config;
	struct producer_options producer = {
	    .brokers = config->brokers,
	    .client_id = "nurture-ingest",
	    .delivery_timeout_ms = DELIVERY_MS,
	    .acked = ing_on_ack,
	};
	struct http_options http = {
	    .listen = config->listen,
	    .admin_listen = config->admin_listen,
	    .connections_per_address = (unsigned)config->connections_per_address,
	    .routes = ing_routes,
	    .ready = ing_ready,
	    .threads = (unsigned)config->threads,
	    .deadline_ms = ANSWER_MS,
	};
	bool kafka_is_there;
	struct err why;
	int32_t partitions;

	ing_admission_open(&ingest->service.admission, &ingest->sources, config->rate_per_second);
	if (producer_open(&ingest->producer, &producer, err) < 0)
		return -1;
	/* Kafka may come later than we do: until then /readyz says what is missing. */
	kafka_is_there =
	    producer_partitions(ingest->producer, ingest->topic, &partitions, &why) == 0;
	if (!kafka_is_there)
		log_event(LOG_LEVEL_WARN, "not_ready", "why", why.text, NULL);
	ingest->service.receiver = ing_receiver_new(&(struct ing_options){
	    .producer = ingest->producer,
	    .topic = ingest->topic,
	    .admission = &ingest->service.admission,
	    .in_flight_max = config->in_flight_max,
	});
	if (open_permits(ingest, kafka_is_there, err) < 0 ||
	    bounce_config_open(&config->bounces, config->brokers, config->topic_prefix,
			       &ingest->service.hooks, err) < 0)
		return -1;
	http.context = &ingest->service;
	return http_open(&ingest->server, &http, err);
}

/* Once for each time that partitions were added. */
static void tell_old_count(struct ing_receiver *receiver, bool *had_old_count)
{
	struct err why;
	bool has = ing_receiver_has_old_count(receiver, &why);

	if (has && !*had_old_count)
		log_event(LOG_LEVEL_ERROR, "partitions_added", "why", why.text, NULL);
	*had_old_count = has;
}

/* Until a stop is asked for: 0; -1 when the producer is dead. */
static int serve(struct ingest *ingest, struct err *err)
{
	struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
	bool was_ready = true, had_old_count = false, ready;
	char reason[512];

	while (!stop_requested()) {
		if (producer_check(ingest->producer, err) < 0 ||
		    ing_permits_check(ingest->service.permits, err) < 0)
			return -1;
		ready = ing_ready(&ingest->service, reason, sizeof(reason));
		if (ready && !was_ready)
			log_event(LOG_LEVEL_INFO, "ready", NULL);
		else if (!ready && was_ready)
			log_event(LOG_LEVEL_WARN, "not_ready", "why", reason, NULL);
		was_ready = ready;
		tell_old_count(ingest->service.receiver, &had_old_count);
		poll(&stop, 1, LOOK_MS);
	}
	return 0;
}

static int64_t in_flight(const struct ing_service *service)
{
	return (service->receiver ? ing_in_flight(service->receiver) : 0) +
	       ing_permits_in_flight(service->permits) + service->hooks.in_flight;
}

/* New requests are refused; those in flight get their answer, one way or the other. */
static void drain(struct ingest *ingest)
{
	int64_t until_ms = clock_monotonic_ms() + DELIVERY_MS + 1000;
	struct ing_service *service = &ingest->service;

	service->admission.stopping = true;
	while (in_flight(service) > 0 && clock_monotonic_ms() < until_ms)
		poll(NULL, 0, 5);
	http_close(&ingest->server);
	ing_permits_close(&service->permits);
	ing_bounces_close(&service->hooks.bounces);
	producer_close(&ingest->producer);
	if (service->receiver)
		ing_receiver_free(service->receiver);
	if (service->admission.sources)
		ing_admission_close(&service->admission);
}

int main(int argc, char **argv)
{
	static struct ingest ingest;
	struct err err;
	int r;

	log_open("ingest");
	stop_on_signals();
	r = load(argc, argv, &ingest, &err);
	if (r == 0) {
		warn(&ingest.sources);
		r = open_all(&ingest, &err);
	}
	if (r == 0) {
		log_event(LOG_LEVEL_INFO, "serving", "port", log_number(http_port(ingest.server)),
			  "topic", ingest.topic, NULL);
		r = serve(&ingest, &err);
	}
	drain(&ingest);
	log_event(r < 0 ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, "stopped", "why",
		  r < 0 ? err.text : "asked to", NULL);
	return r < 0 ? err_exit_code(&err) : 0;
}
