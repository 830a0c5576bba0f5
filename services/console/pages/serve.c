/* serve.c - see serve.h: the server, and what stands behind each address. */
#include "serve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/io/process/clock.h"
#include "form.h"
#include "serve_internal.h"
#include "voices_url.h"

enum {
	DELIVERY_TIMEOUT_MS = 4000, /* well before the server's own deadline */
	DEADLINE_MS = 10000,
	DRAIN_MS = 5000,
	THREADS = 4,
	ADDRESS_PER_MINUTE = 1,
	ADDRESS_BURST = 3,
};

static bool is_ready(void *context, char *reason, size_t size)
{
	const struct con_pages *pages = context;
	struct view_state state = view_get_state(pages->options.view);

	if (state.is_built)
		return true;
	snprintf(reason, size, "the view is being made: %" PRId64 " records are still to be read",
		 state.behind);
	return false;
}

static const struct http_route routes[] = {
    {.method = "GET", .path = "/", .handler = con_on_today},
    {.method = "GET", .path = "/people", .handler = con_on_search_form},
    {.method = "POST",
     .path = "/people",
     .body_max_bytes = CON_FORM_MAX_BYTES,
     .handler = con_on_search},
    {.method = "GET", .path = CON_PEOPLE_PATH "*", .handler = con_on_person},
    {.method = "POST",
     .path = CON_PEOPLE_PATH "*",
     .body_max_bytes = CON_FORM_MAX_BYTES,
     .handler = con_on_change},
    {.method = "POST",
     .path = "/tasks",
     .body_max_bytes = CON_FORM_MAX_BYTES,
     .handler = con_on_task},
    {.method = "GET", .path = CON_TASKS_PATH "*", .handler = con_on_task_link},
    {.method = "GET", .path = CON_VOICES_PATH, .handler = con_on_voices},
    {.method = "POST",
     .path = CON_VOICES_PATH,
     .body_max_bytes = CON_FORM_MAX_BYTES,
     .handler = con_on_voices_asked},
    {.method = "POST",
     .path = CON_VOICES_PATH "/say",
     .body_max_bytes = CON_FORM_MAX_BYTES,
     .handler = con_on_voices_said},
    {.method = "GET", .path = "/v1/feedback", .handler = con_on_feedback},
    {.method = "GET", .path = "/programmes", .handler = con_on_programmes},
    {.method = "GET", .path = "/counts", .handler = con_on_counts},
    {.method = "GET", .path = "/sign-in", .handler = con_on_sign_in_form},
    {.method = "POST",
     .path = "/sign-in",
     .body_max_bytes = CON_FORM_MAX_BYTES,
     .handler = con_on_sign_in},
    {.method = "GET", .path = CON_SIGN_IN_PATH "*", .handler = con_on_link},
    {.method = "POST",
     .path = CON_SIGN_IN_PATH "*",
     .body_max_bytes = CON_FORM_MAX_BYTES,
     .handler = con_on_link_used},
    {.method = "POST",
     .path = "/sign-out",
     .body_max_bytes = CON_FORM_MAX_BYTES,
     .handler = con_on_sign_out},
    {.method = NULL},
};

static int open_http(struct con_pages *pages, struct err *err)
{
	const struct con_pages_options *options = &pages->options;

	return http_open(&pages->http,
			 &(struct http_options){
			     .listen = options->listen,
			     .admin_listen = options->admin_listen,
			     .connections_per_address = options->connections_per_address,
			     .routes = options->who->staff.count ? routes : NULL,
			     .context = pages,
			     .ready = is_ready,
			     .threads = THREADS,
			     .deadline_ms = DEADLINE_MS,
			 },
			 err);
}

static int open_others(struct con_pages *pages, struct err *err)
{
	const struct con_pages_options *options = &pages->options;

	if (!options->who->staff.count)
		return 0;
	if (options->who->url[0] &&
	    (con_mailer_open(&pages->mailer, &options->who->smtp,
			     options->policy->shop.sender_address, err) < 0 ||
	     con_sign_outs_open(&pages->sign_outs, options->sign_outs, clock_wall_ms(), err) < 0))
		return -1;
	return producer_open(&pages->producer,
			     &(struct producer_options){
				 .brokers = options->brokers,
				 .client_id = "console",
				 .topic = options->events_topic,
				 .delivery_timeout_ms = DELIVERY_TIMEOUT_MS,
				 .acked = con_on_ack,
			     },
			     err);
}

static struct metric *count(const char *labels)
{
	return metric_counter("nurture_console_requests_total", labels,
			      "Requests for the console's pages by what was done");
}

int con_pages_open(struct con_pages **ret, const struct con_pages_options *options, struct err *err)
{
	struct con_pages *pages = calloc(1, sizeof(*pages));

	if (!pages)
		abort();
	pages->options = *options;
	pages->shown = count("result=\"shown\"");
	pages->said = count("result=\"said\"");
	pages->refused = count("result=\"refused\"");
	pages->failed = count("result=\"failed\"");
	pages->by_address = rate_table_new(rate_of(ADDRESS_PER_MINUTE, ADDRESS_BURST, -1));
	pthread_mutex_init(&pages->lock, NULL);
	if (open_others(pages, err) < 0 || open_http(pages, err) < 0) {
		con_pages_close(&pages);
		return -1;
	}
	*ret = pages;
	return 0;
}

int con_pages_check(const struct con_pages *pages, struct err *err)
{
	return pages->producer ? producer_check(pages->producer, err) : 0;
}

unsigned short con_pages_port(const struct con_pages *pages)
{
	return http_port(pages->http);
}

void con_pages_close(struct con_pages **pages_address)
{
	struct con_pages *pages = *pages_address;
	struct err ignored;

	if (!pages)
		return;
	*pages_address = NULL;
	if (pages->producer)
		producer_flush(pages->producer, DRAIN_MS, &ignored);
	http_close(&pages->http);
	producer_close(&pages->producer);
	con_mailer_close(&pages->mailer);
	con_sign_outs_close(&pages->sign_outs);
	rate_table_free(&pages->by_address);
	pthread_mutex_destroy(&pages->lock);
	free(pages);
}
