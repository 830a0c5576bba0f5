/* serve_internal.h - what the pages of serve.h share. */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_SERVE_INTERNAL_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_SERVE_INTERNAL_H

#include <stdatomic.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/io/http/http.h"
#include "common/io/http/rate_table.h"
#include "common/io/kafka/producer.h"
#include "common/io/process/metrics.h"
#include "page.h"
#include "preferences_events.h"
#include "serve.h"
#include "serve_person.h"

#define SOL_UNSUBSCRIBE_PATH "/u/"
#define SOL_PREFERENCES_PATH "/p/"

/* One kind of page by what was done. */
struct sol_counts {
	struct metric *shown, *received, *refused, *failed;
};

struct sol_serve {
	struct sol_serve_options options;
	struct producer *producer;
	struct http_server *http;
	struct sol_reader *reader;  /* of the people's state; NULL: there is none */
	_Atomic int32_t partitions; /* of the topics; 0: not asked yet */
	struct arena arena;         /* of the two below; only written before the server runs */
	const char *headers, *busy_headers;
	struct sol_counts feedback, unsubscribes, preferences, clicks;
	struct rate_table *by_link, *by_address; /* POSTs */
};

/*
 * The language of a page: what the form or the address says, else the
 * person's own, else what the browser asks for.  Either may be "".
 */
unsigned sol_serve_language(const struct sol_serve *serve, const struct http_request *request,
			    const char *form, const char *locale);
/*
 * The same for somebody whose state must be read first; when that fails, the state does not count.
 */
unsigned sol_serve_language_of(struct sol_serve *serve, const struct http_request *request,
			       const char *form, const char *customer);

void sol_serve_answer(const struct sol_serve *serve, struct http_request *request, int status,
		      const struct buf *page);
/* Answers 404, when the token is none of ours. */
void sol_serve_refuse(struct sol_serve *serve, struct http_request *request,
		      const struct sol_counts *counts);
/*
 * Publishes the events, and answers in any case: with done after all are acknowledged, else with
 * "try again". done is taken over, and empty afterwards.
 */
void sol_serve_publish(struct sol_serve *serve, struct http_request *request, const char *customer,
		       const struct sol_events *events, const struct sol_counts *counts,
		       const struct sol_page *done);
/* serve_often.c */
void sol_serve_often_open(struct sol_serve *serve);
void sol_serve_often_close(struct sol_serve *serve);
/*
 * May this POST with a link of ours pass, or is the link or (by_address) its user's address used
 * too often? If false, it is answered with 429 and a page.
 */
bool sol_serve_may(struct sol_serve *serve, struct http_request *request, bool by_address,
		   const struct sol_counts *counts);
/* May the link be used once more just now? Answers nothing. */
bool sol_serve_link_allows(struct sol_serve *serve, const struct http_request *request);
/* The producer's acknowledgement; what is sent along with a record begins with a http_waiting. */
void sol_serve_on_ack(void *opaque, const char *failure);

/* SOL_UNSUBSCRIBE_PATH: the page with the question, and the answer. */
void sol_serve_ask_unsubscribe(void *context, struct http_request *request);
void sol_serve_unsubscribe(void *context, struct http_request *request);
/* Reads what is known of a person; -1: not now. Texts are the arena's. */
int sol_serve_read_person(struct sol_serve *serve, const char *customer, struct arena *arena,
			  struct sol_person *ret);
/* CLICK_PATH: a counted link. */
void sol_serve_follow(void *context, struct http_request *request);
/* SOL_PREFERENCES_PATH: the person's own page, and what it says. */
void sol_serve_show_preferences(void *context, struct http_request *request);
void sol_serve_take_preferences(void *context, struct http_request *request);

#endif
