/* serve.c - see serve.h. */
#include "serve.h"

#include <poll.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"

enum { DELIVERY_MS = 4000, ANSWER_MS = 10000, LOOK_MS = 500 };

static int open_permits(struct ing_serve *ingest, bool kafka_is_there, struct err *err)
{
	const struct ing_permits_options options = {
	    .brokers = ingest->config->brokers,
	    .topic_prefix = ingest->config->topic_prefix,
	    .admission = &ingest->service.admission,
	    .timeout_ms = ingest->config->permit_timeout_ms,
	    .delivery_timeout_ms = DELIVERY_MS,
	    .wait = kafka_is_there,
	};

	return ingest->config->permits ? ing_permits_open(&ingest->service.permits, &options, err)
				       : 0;
}

/* Kafka may come later than we do: until then /readyz says what is missing. */
static int open_producer(struct ing_serve *ingest, bool *ret_kafka_is_there, struct err *err)
{
	const struct producer_options options = {
	    .brokers = ingest->config->brokers,
	    .client_id = "nurture-ingest",
	    .delivery_timeout_ms = DELIVERY_MS,
	    .acked = ing_on_ack,
	    .acks_begin = http_burst_begin,
	    .acks_end = http_burst_end,
	};
	int32_t partitions;
	struct err why;

	if (producer_open(&ingest->producer, &options, err) < 0)
		return -1;
	*ret_kafka_is_there = producer_partitions(ingest->producer, ingest->config->events_topic,
						  &partitions, &why) == 0;
	if (!*ret_kafka_is_there)
		log_event(LOG_LEVEL_WARN, "not_ready", "why", why.text, NULL);
	return 0;
}

static int open_tracking(struct ing_serve *ingest, bool kafka_is_there, struct err *err)
{
	const struct ing_config *config = ingest->config;
	const struct ing_tracking_options options = {
	    .brokers = config->brokers,
	    .topic_prefix = config->topic_prefix,
	    .catalogue = &ingest->service.catalogue,
	    .rate_per_second = config->rate_per_second,
	    .in_flight_max = config->in_flight_max,
	    .delivery_timeout_ms = DELIVERY_MS,
	    .wait = kafka_is_there,
	};

	return tracking_config_open(&config->tracking, options, &ingest->service.tracking, err);
}

static int open_shops(struct ing_serve *ingest, struct err *err)
{
	const struct ing_config *config = ingest->config;
	const struct ing_shops_options options = {
	    .brokers = config->brokers,
	    .topic = config->events_topic,
	    .catalogue = &ingest->service.catalogue,
	    .in_flight_max = config->in_flight_max,
	};

	return ing_shops_open(&ingest->service.shops, &options, err);
}

static int open_server(struct ing_serve *ingest, struct err *err)
{
	const struct ing_config *config = ingest->config;
	const struct http_options options = {
	    .listen = config->listen,
	    .admin_listen = config->admin_listen,
	    .connections_per_address = (unsigned)config->connections_per_address,
	    .routes = ing_routes,
	    .context = &ingest->service,
	    .ready = ing_ready,
	    .threads = (unsigned)config->threads,
	    .deadline_ms = ANSWER_MS,
	};

	return http_open(&ingest->server, &options, err);
}

int ing_serve_open(struct ing_serve *ingest, struct err *err)
{
	const struct ing_config *config = ingest->config;
	bool kafka_is_there;

	ing_admission_open(&ingest->service.admission, &config->sources, config->rate_per_second);
	if (tracing_open(&config->tracing_options, "ingest", err) < 0 ||
	    catalogue_file_open(&ingest->service.catalogue, config->catalogue, err) < 0 ||
	    open_producer(ingest, &kafka_is_there, err) < 0)
		return -1;
	ingest->service.receiver = ing_receiver_new(&(struct ing_options){
	    .producer = ingest->producer,
	    .topic = config->events_topic,
	    .admission = &ingest->service.admission,
	    .in_flight_max = config->in_flight_max,
	    .catalogue = &ingest->service.catalogue,
	});
	if (open_shops(ingest, err) < 0 || open_permits(ingest, kafka_is_there, err) < 0 ||
	    bounce_config_open(&config->bounces, config->brokers, config->topic_prefix,
			       &ingest->service.hooks, err) < 0 ||
	    open_tracking(ingest, kafka_is_there, err) < 0 || open_server(ingest, err) < 0)
		return -1;
	log_event(LOG_LEVEL_INFO, "serving", "port", log_number(http_port(ingest->server)), "topic",
		  config->events_topic, NULL);
	return 0;
}

/* Logs once for each time that partitions were added. */
static void tell_old_count(struct ing_receiver *receiver, bool *had_old_count)
{
	struct err why;
	bool has = ing_receiver_has_old_count(receiver, &why);

	if (has && !*had_old_count)
		log_event(LOG_LEVEL_ERROR, "partitions_added", "why", why.text, NULL);
	*had_old_count = has;
}

int ing_serve(struct ing_serve *ingest, struct err *err)
{
	struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
	bool was_ready = true, had_old_count = false, ready;
	char reason[512];

	while (!stop_requested()) {
		if (producer_check(ingest->producer, err) < 0 ||
		    ing_permits_check(ingest->service.permits, err) < 0 ||
		    ing_tracking_check(ingest->service.tracking, err) < 0 ||
		    ing_shops_check(&ingest->service.shops, err) < 0)
			return -1;
		catalogue_file_look(&ingest->service.catalogue);
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
	       ing_permits_in_flight(service->permits) + ing_tracking_in_flight(service->tracking) +
	       service->hooks.in_flight + service->shops.in_flight;
}

void ing_serve_close(struct ing_serve *ingest)
{
	int64_t until_ms = clock_monotonic_ms() + DELIVERY_MS + 1000;
	struct ing_service *service = &ingest->service;

	service->admission.stopping = true;
	ing_tracking_stop(service->tracking);
	service->shops.stopping = true;
	while (in_flight(service) > 0 && clock_monotonic_ms() < until_ms)
		poll(NULL, 0, 5);
	http_close(&ingest->server);
	ing_permits_close(&service->permits);
	ing_tracking_close(&service->tracking);
	ing_bounces_close(&service->hooks.bounces);
	ing_shops_close(&service->shops);
	catalogue_file_close(&service->catalogue);
	producer_close(&ingest->producer);
	if (service->receiver)
		ing_receiver_free(service->receiver);
	if (service->admission.sources)
		ing_admission_close(&service->admission);
	tracing_close();
}
