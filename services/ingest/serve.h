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

/* Opens everything. Kafka need not be there yet; /readyz says whether it is. */
int ing_serve_open(struct ing_serve *ingest, struct err *err);
/*
 * Serves until a stop is requested (common/io/process/stop.h), and returns 0; -1 when the producer
 * is dead.
 */
int ing_serve(struct ing_serve *ingest, struct err *err);
/* Closes everything, even if it was opened only in part. */
void ing_serve_close(struct ing_serve *ingest);

#endif
