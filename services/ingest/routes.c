/* routes.c - see routes.h. */
#include "routes.h"

#include "events/feedback_body.h"

#include <stdio.h>

#include "services/ingest/events/batch.h"
#include "services/ingest/permits/permit.h"

bool ing_ready(void *context, char *reason, size_t size)
{
	struct ing_service *service = context;
	struct err err;

	if (!ing_receiver_ready(service->receiver, reason, size))
		return false;
	/* Each door asks the brokers by itself, and may have no answer yet. */
	if (ing_tracking_ready(service->tracking, &err) && ing_shops_ready(&service->shops, &err))
		return true;
	snprintf(reason, size, "%s", err.text);
	return false;
}

static void admit_events(void *context, struct http_request *request)
{
	struct ing_service *service = context;

	ing_events_admit(service->receiver, request);
}

static void receive_events(void *context, struct http_request *request)
{
	struct ing_service *service = context;

	ing_events_receive(service->receiver, request);
}

static void admit_permits(void *context, struct http_request *request)
{
	struct ing_service *service = context;

	if (service->permits)
		ing_permits_admit(service->permits, request);
	else
		http_refuse(request, 404, "not_found", "permits are off here: NURTURE_PERMITS=off",
			    NULL);
}

static void ask(void *context, struct http_request *request)
{
	struct ing_service *service = context;

	ing_permits_ask(service->permits, request);
}

static void report(void *context, struct http_request *request)
{
	struct ing_service *service = context;

	ing_permits_report(service->permits, request);
}

static void receive_bounces(void *context, struct http_request *request)
{
	struct ing_service *service = context;

	if (service->admission.stopping)
		ing_admission_refuse(&service->admission, request, ING_REFUSED_UNAVAILABLE, 503,
				     "stopping", "this instance is stopping", "Retry-After: 2");
	else
		ing_hooks_receive(&service->hooks, request);
}

static void admit_shops(void *context, struct http_request *request)
{
	struct ing_service *service = context;

	ing_shops_admit(&service->shops, request);
}

static void receive_shops(void *context, struct http_request *request)
{
	struct ing_service *service = context;

	ing_shops_receive(&service->shops, request);
}

static void admit_tracking(void *context, struct http_request *request)
{
	struct ing_service *service = context;

	ing_tracking_admit(service->tracking, request);
}

static void receive_tracking(void *context, struct http_request *request)
{
	struct ing_service *service = context;

	ing_tracking_receive(service->tracking, request);
}

/* A little more than is taken: who sends too much is told so with the 400 that clients expect. */
#define TRACKING_ROUTE(name)                                                                       \
	{.method = "POST",                                                                         \
	 .path = "/v1/" name,                                                                      \
	 .body_max_bytes = 2 * ING_TRACKING_BODY_BYTES,                                            \
	 .handler = receive_tracking,                                                              \
	 .admit = admit_tracking}

const struct http_route ing_routes[] = {
    {.method = "POST",
     .path = "/v1/events",
     .body_max_bytes = ING_BODY_MAX_BYTES,
     .handler = receive_events,
     .admit = admit_events},
    {.method = "POST",
     .path = ING_FEEDBACK_PATH,
     .body_max_bytes = ING_BODY_MAX_BYTES,
     .handler = receive_events,
     .admit = admit_events},
    {.method = "POST",
     .path = "/v1/permits",
     .body_max_bytes = PERMIT_BODY_MAX_BYTES,
     .handler = ask,
     .admit = admit_permits},
    {.method = "POST",
     .path = "/v1/permits/*",
     .body_max_bytes = PERMIT_BODY_MAX_BYTES,
     .handler = report,
     .admit = admit_permits},
    {.method = "POST",
     .path = "/v1/bounces/*",
     .body_max_bytes = ING_BODY_MAX_BYTES,
     .handler = receive_bounces},
    TRACKING_ROUTE("track"),
    TRACKING_ROUTE("identify"),
    TRACKING_ROUTE("alias"),
    TRACKING_ROUTE("page"),
    TRACKING_ROUTE("screen"),
    TRACKING_ROUTE("group"),
    TRACKING_ROUTE("batch"),
    {.method = "POST",
     .path = "/v1/hooks/*",
     .body_max_bytes = SHOP_BODY_MAX_BYTES,
     .handler = receive_shops,
     .admit = admit_shops},
    {0},
};
