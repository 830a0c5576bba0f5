/* routes.h - which function answers which path. */
#ifndef NURTURE_INGEST_ROUTES_H
#define NURTURE_INGEST_ROUTES_H

#include "services/ingest/bounces/hooks.h"
#include "services/ingest/permits/permits.h"
#include "services/ingest/events/receive.h"
#include "services/ingest/tracking/tracking.h"
#include "services/ingest/shops/shops.h"

/* The context of the routes. */
struct ing_service {
	struct ing_admission admission;
	struct ing_receiver *receiver;
	struct ing_permits *permits;   /* NULL: they are off */
	struct ing_tracking *tracking; /* NULL: tracking calls are off */
	struct ing_hooks hooks;
	struct ing_shops shops;
	struct catalogue_file catalogue; /* begins as zeroes: ing_serve_open() reads it */
};

extern const struct http_route ing_routes[];
/* Would events be stored?  Permits do not matter for it. */
bool ing_ready(void *service, char *reason, size_t size);

#endif
