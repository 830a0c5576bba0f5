/* serve.c - see serve.h. */
#include "serve.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/io/process/clock.h"
#include "common/message/event.h"
#include "common/policy/event_type.h"
#include "common/token/click_token.h"
#include "page.h"
#include "serve_internal.h"
#include "services/review-solicitor/asks.h"
#include "token.h"

#define PATH "/f/"

enum {
	/* The acknowledgement, good or bad, comes well before the server's own deadline. */
	DELIVERY_TIMEOUT_MS = 4000,
	DEADLINE_MS = 10000,
	DRAIN_MS = 5000,
	THREADS = 2,
	UNSUBSCRIBE_BODY_MAX_BYTES = 4096,
};

/* Reads the token in the path. False: it is none of ours, and the request is answered. */
static bool admit(struct sol_serve *serve, struct http_request *request, struct arena *arena,
		  struct sol_token *token)
{
	const char *text = http_path(request) + strlen(PATH);
	struct err why;

	if (sol_token_parse(slice_text(text), &serve->options.token_keys, arena, token, &why) == 0)
		return true;
	sol_serve_refuse(serve, request, &serve->feedback);
	return false;
}

static void answer_form(struct sol_serve *serve, struct http_request *request, int status,
			const struct sol_token *token, const struct sol_form *form,
			enum sol_word complaint)
{
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	const struct sol_page page = {serve->options.site, serve->options.policy,
				      sol_serve_language_of(serve, request, "", token->customer),
				      &out};

	sol_page_form(&page, token->order, form, complaint);
	sol_serve_answer(serve, request, status, &out);
	buf_free(&out);
}

static void on_get(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	struct sol_form form = {sol_score_parse(http_query(request, "score")), ""};
	struct arena arena = {0};
	struct sol_token token;

	if (admit(serve, request, &arena, &token)) {
		metric_add(serve->feedback.shown, 1);
		answer_form(serve, request, 200, &token, &form, SOL_SAY_NOTHING);
	}
	arena_free(&arena);
}

/* Two clicks with the same words have the same id: one event. */
static void encode_feedback(const char *token_text, const struct sol_token *token,
			    const struct sol_form *form, struct sol_events *ret)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__Feedback feedback = NURTURE__V1__FEEDBACK__INIT;
	char id[ID_TEXT_BYTES], ask[ID_TEXT_BYTES], score[2] = {(char)('0' + form->score), '\0'};

	id_of_texts(id, "feedback-page", token_text, score, form->comment, NULL);
	customer.id = (char *)token->customer;
	feedback.order = (char *)token->order;
	feedback.score = form->score;
	feedback.comment = (char *)form->comment;
	feedback.rung = (char *)token->rung;
	if (token->order[0]) {
		sol_ask_id(ask, token->rung, token->customer, token->order);
		feedback.request = ask;
	}
	event.id = id;
	event.type = event_type_text(EVENT_FEEDBACK_RECEIVED);
	event.time_ms = clock_wall_ms();
	event.customer = &customer;
	event.feedback = &feedback;
	ret->items[0] = BUF_MAX(EVENT_MAX_BYTES);
	ret->count = 1;
	event_encode_json(&event, &ret->items[0]);
}

static void send_feedback(struct sol_serve *serve, struct http_request *request,
			  const struct sol_token *token, const struct sol_form *form)
{
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	const struct sol_page page = {serve->options.site, serve->options.policy,
				      sol_serve_language_of(serve, request, "", token->customer),
				      &out};
	struct sol_events events = {0};

	encode_feedback(http_path(request) + strlen(PATH), token, form, &events);
	sol_page_thanks(&page);
	sol_serve_publish(serve, request, token->customer, &events, &serve->feedback, &page);
	sol_events_free(&events);
	buf_free(&out);
}

static void on_post(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	struct sol_form form = {.comment = ""};
	struct arena arena = {0};
	struct sol_token token;
	struct err why;

	if (admit(serve, request, &arena, &token) &&
	    sol_serve_may(serve, request, true, &serve->feedback)) {
		if (sol_form_parse(http_body(request), &arena, &form, &why) < 0)
			answer_form(serve, request, 400, &token, &form, SOL_SAY_UNREADABLE);
		else if (!form.score)
			answer_form(serve, request, 400, &token, &form, SOL_SAY_NO_SCORE);
		else
			send_feedback(serve, request, &token, &form);
	}
	arena_free(&arena);
}

static bool is_ready(void *context, char *reason, size_t size)
{
	struct sol_serve *serve = context;
	struct err why;

	if (producer_topic_check(serve->producer, serve->options.events_topic, &why) < 0) {
		snprintf(reason, size, "%s", why.text);
		return false;
	}
	return !serve->options.ready ||
	       serve->options.ready(serve->options.ready_context, reason, size);
}

static struct sol_counts count_pages(const char *name, const char *help)
{
	return (struct sol_counts){
	    .shown = metric_counter(name, "result=\"shown\"", help),
	    .received = metric_counter(name, "result=\"received\"", help),
	    .refused = metric_counter(name, "result=\"refused\"", help),
	    .failed = metric_counter(name, "result=\"failed\"", help),
	};
}

static void prepare(struct sol_serve *serve)
{
	serve->headers = serve->options.site->headers;
	serve->busy_headers = arena_printf(&serve->arena, "%s\nRetry-After: 5", serve->headers);
	if (serve->options.redis_urls)
		serve->reader = sol_reader_open(serve->options.redis_urls, serve->options.prefix);
	serve->feedback =
	    count_pages("nurture_feedback_pages_total", "Feedback pages by what was done");
	serve->unsubscribes =
	    count_pages("nurture_unsubscribe_pages_total", "Unsubscribe pages by what was done");
	serve->preferences =
	    count_pages("nurture_preferences_pages_total", "People's own pages by what was done");
	serve->clicks = count_pages("nurture_clicks_total",
				    "Counted links of mails by what was done: shown is followed");
}

static int open_producer(struct sol_serve *serve, struct err *err)
{
	const char *client_id = serve->options.client_id;

	return producer_open(&serve->producer,
			     &(struct producer_options){
				 .brokers = serve->options.brokers,
				 .client_id = client_id ? client_id : "review-solicitor-page",
				 .delivery_timeout_ms = DELIVERY_TIMEOUT_MS,
				 .acked = sol_serve_on_ack,
			     },
			     err);
}

static int open_http(struct sol_serve *serve, struct err *err)
{
	static const struct http_route routes[] = {
	    {.method = "GET", .path = PATH "*", .handler = on_get},
	    {.method = "POST",
	     .path = PATH "*",
	     .body_max_bytes = SOL_FORM_MAX_BYTES,
	     .handler = on_post},
	    {.method = "GET",
	     .path = SOL_UNSUBSCRIBE_PATH "*",
	     .handler = sol_serve_ask_unsubscribe},
	    {.method = "POST",
	     .path = SOL_UNSUBSCRIBE_PATH "*",
	     .body_max_bytes = UNSUBSCRIBE_BODY_MAX_BYTES,
	     .handler = sol_serve_unsubscribe},
	    {.method = "GET",
	     .path = SOL_PREFERENCES_PATH "*",
	     .handler = sol_serve_show_preferences},
	    {.method = "POST",
	     .path = SOL_PREFERENCES_PATH "*",
	     .body_max_bytes = SOL_PREFERENCES_FORM_MAX_BYTES,
	     .handler = sol_serve_take_preferences},
	    {.method = "GET", .path = CLICK_PATH "*", .handler = sol_serve_follow},
	    {.method = NULL},
	};

	return http_open(&serve->http,
			 &(struct http_options){
			     .listen = serve->options.listen,
			     .admin_listen = serve->options.admin_listen,
			     .connections_per_address = serve->options.connections_per_address,
			     .routes = routes,
			     .context = serve,
			     .ready = is_ready,
			     .threads = THREADS,
			     .deadline_ms = DEADLINE_MS,
			 },
			 err);
}

int sol_serve_open(struct sol_serve **ret, const struct sol_serve_options *options, struct err *err)
{
	struct sol_serve *serve;

	if (options->token_keys.now.len < SOL_TOKEN_KEY_MIN_BYTES)
		return err_config(err, "NURTURE_TOKEN_KEY: expected at least %d bytes, found %zu",
				  SOL_TOKEN_KEY_MIN_BYTES, options->token_keys.now.len);
	serve = calloc(1, sizeof(*serve));
	if (!serve)
		abort();
	serve->options = *options;
	sol_serve_often_open(serve);
	prepare(serve);
	if (open_producer(serve, err) < 0 || open_http(serve, err) < 0) {
		sol_serve_close(&serve);
		return -1;
	}
	*ret = serve;
	return 0;
}

unsigned short sol_serve_port(const struct sol_serve *serve)
{
	return http_port(serve->http);
}

int sol_serve_check(const struct sol_serve *serve, struct err *err)
{
	return producer_check(serve->producer, err);
}

void sol_serve_close(struct sol_serve **serve_address)
{
	struct sol_serve *serve = *serve_address;
	struct err ignored;

	if (!serve)
		return;
	*serve_address = NULL;
	/*
	 * What was taken is acknowledged and answered first; requests that come meanwhile are cut
	 * off.
	 */
	if (serve->producer)
		producer_flush(serve->producer, DRAIN_MS, &ignored);
	http_close(&serve->http);
	producer_close(&serve->producer);
	sol_reader_close(&serve->reader);
	sol_serve_often_close(serve);
	arena_free(&serve->arena);
	free(serve);
}
