/* serve.c - see serve.h. */
#include "serve.h"

#include <stdio.h>
#include <stdlib.h>

#include "asks.h"
#include "common/io/clock.h"
#include "common/wire/event.h"
#include "page.h"
#include "serve_private.h"
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

/* The token in the path, or false: then the request is answered. */
static bool admit(struct sol_serve *serve, struct http_request *request, struct arena *arena,
		  struct sol_token *token)
{
	const char *text = http_path(request) + strlen(PATH);
	struct err why;

	if (sol_token_parse(slice_text(text), serve->options.token_key, arena, token, &why) == 0)
		return true;
	metric_add(serve->feedback.refused, 1);
	sol_serve_answer(serve, request, 404, &serve->unknown);
	return false;
}

static void answer_form(struct sol_serve *serve, struct http_request *request, int status,
			const char *order, const struct sol_form *form, const char *complaint)
{
	struct buf page = BUF_MAX(SOL_PAGE_MAX_BYTES);

	sol_page_form(serve->options.policy, order, form, complaint, &page);
	sol_serve_answer(serve, request, status, &page);
	buf_free(&page);
}

static void on_get(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	struct sol_form form = {sol_score_parse(http_query(request, "score")), ""};
	struct arena arena = {0};
	struct sol_token token;

	if (admit(serve, request, &arena, &token)) {
		metric_add(serve->feedback.shown, 1);
		answer_form(serve, request, 200, token.order, &form, NULL);
	}
	arena_free(&arena);
}

/* Two clicks with the same words have the same id: one event. */
static void encode_feedback(const char *token_text, const struct sol_token *token,
			    const struct sol_form *form, struct buf *out)
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
	event.type = "feedback.received";
	event.time_ms = clock_wall_ms();
	event.customer = &customer;
	event.feedback = &feedback;
	event_encode_json(&event, out);
}

static void send_feedback(struct sol_serve *serve, struct http_request *request,
			  const struct sol_token *token, const struct sol_form *form)
{
	struct buf event = BUF_MAX(EVENT_MAX_BYTES);

	encode_feedback(http_path(request) + strlen(PATH), token, form, &event);
	sol_serve_publish(serve, request, token->customer, &event, &serve->feedback,
			  &serve->thanks);
	buf_free(&event);
}

static void on_post(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	struct sol_form form = {.comment = ""};
	struct arena arena = {0};
	struct sol_token token;
	struct err why;

	if (admit(serve, request, &arena, &token)) {
		if (sol_form_parse(http_body(request), &arena, &form, &why) < 0)
			answer_form(serve, request, 400, token.order, &form,
				    "That could not be read. Please choose a rating, and keep your "
				    "words under 2000 characters.");
		else if (!form.score)
			answer_form(serve, request, 400, token.order, &form,
				    "Please choose a rating from 1 to 5.");
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
	const struct policy *policy = serve->options.policy;

	serve->headers = sol_page_headers(&serve->arena);
	serve->busy_headers = arena_printf(&serve->arena, "%s\nRetry-After: 5", serve->headers);
	serve->thanks = serve->unsubscribed = BUF_MAX(SOL_PAGE_MAX_BYTES);
	serve->unknown = serve->unavailable = BUF_MAX(SOL_PAGE_MAX_BYTES);
	sol_page_thanks(policy, &serve->thanks);
	sol_page_unsubscribed(policy, &serve->unsubscribed);
	sol_page_unknown(policy, &serve->unknown);
	sol_page_unavailable(policy, &serve->unavailable);
	serve->feedback =
	    count_pages("nurture_feedback_pages_total", "Feedback pages by what was done");
	serve->unsubscribes =
	    count_pages("nurture_unsubscribe_pages_total", "Unsubscribe pages by what was done");
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
	    {.method = NULL},
	};

	return http_open(&serve->http,
			 &(struct http_options){
			     .listen = serve->options.listen,
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

	if (options->token_key.len < SOL_TOKEN_KEY_MIN_BYTES)
		return err_config(err, "NURTURE_TOKEN_KEY: expected at least %d bytes, found %zu",
				  SOL_TOKEN_KEY_MIN_BYTES, options->token_key.len);
	serve = calloc(1, sizeof(*serve));
	if (!serve)
		abort();
	serve->options = *options;
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
	/* First what was taken is acknowledged and answered; what comes meanwhile is cut off. */
	if (serve->producer)
		producer_flush(serve->producer, DRAIN_MS, &ignored);
	http_close(&serve->http);
	producer_close(&serve->producer);
	buf_free(&serve->thanks);
	buf_free(&serve->unsubscribed);
	buf_free(&serve->unknown);
	buf_free(&serve->unavailable);
	arena_free(&serve->arena);
	free(serve);
}
