/*
 * serve.h - everything that ingest opens, from the producer to the port, and the way out: new
 * requests are refused, and those in flight get their answer, one way or the other.
 */
#ifndef NURTURE_INGEST_SERVE_H
#define NURTURE_INGEST_SERVE_H

#include "routes.h"
#include "settings.h"

/* Begins as zeroes, but for config and what ing_config_load() fills in service.hooks. */
struct ing_serve {
	const struct ing_config *config; /* by reference */
	struct producer *producer;
	struct ing_service service;
	struct http_server *server;
};

/* Kafka need not be there yet; whether it is, /readyz says. */
int ing_serve_open(struct ing_serve *ingest, struct err *err);
/* Until a stop is asked for (common/io/process/stop.h): 0; -1 when the producer is dead. */
int ing_serve(struct ing_serve *ingest, struct err *err);
/* Also of what was not opened, or not all of it. */
void ing_serve_close(struct ing_serve *ingest);

#endif
