/* settings.h - what ingest is told by its environment, checked and put together. */
#ifndef NURTURE_INGEST_SETTINGS_H
#define NURTURE_INGEST_SETTINGS_H

#include "common/io/tracing/tracing.h"
#include "services/ingest/bounces/bounce_config.h"
#include "services/ingest/shops/shops.h"
#include "services/ingest/tracking/tracking_config.h"
#include "source.h"

struct ing_config {
	const char *brokers, *listen, *admin_listen, *topic_prefix, *tokens, *shop_hooks,
	    *catalogue;
	int64_t open, rate_per_second, in_flight_max, threads, connections_per_address, permits,
	    permit_timeout_ms, log_level, log_format;
	struct bounce_config bounces;
	struct tracking_config tracking;
	struct tracing_options tracing_options;
	struct ing_sources sources; /* of tokens and open */
	char events_topic[250];
};

/*
 * Reads and checks all settings. Everything lives as long as the process. hooks gets the secrets
 * and keys of the providers' webhooks, shops those of the shops'; with --check-config the program
 * ends after that.
 */
int ing_config_load(int argc, char **argv, struct ing_config *config, struct ing_hooks *hooks,
		    struct ing_shops *shops, struct err *err);

#endif
