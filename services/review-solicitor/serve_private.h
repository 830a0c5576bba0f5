/* serve_private.h - what the pages of serve.h share. */
#ifndef NURTURE_REVIEW_SOLICITOR_SERVE_PRIVATE_H
#define NURTURE_REVIEW_SOLICITOR_SERVE_PRIVATE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/io/http.h"
#include "common/io/metrics.h"
#include "common/io/producer.h"
#include "serve.h"

#define SOL_UNSUBSCRIBE_PATH "/u/"

/* One kind of page by what was done. */
struct sol_counts {
	struct metric *shown, *received, *refused, *failed;
};

struct sol_serve {
	struct sol_serve_options options;
	struct producer *producer;
	struct http_server *http;
	struct arena arena; /* of the two below; only written before the server runs */
	const char *headers, *busy_headers;
	struct buf thanks, unsubscribed, unknown, unavailable; /* the same for everybody */
	struct sol_counts feedback, unsubscribes;
};

void sol_serve_answer(const struct sol_serve *serve, struct http_request *request, int status,
		      const struct buf *page);
/* The event to its topic; done after the acknowledgement, or "try again". Answers in any case. */
void sol_serve_publish(struct sol_serve *serve, struct http_request *request, const char *customer,
		       const struct buf *event, const struct sol_counts *counts,
		       const struct buf *done);
/* The producer's acknowledgement. */
void sol_serve_on_ack(void *opaque, const char *failure);

/* SOL_UNSUBSCRIBE_PATH: the page with the question, and the answer. */
void sol_serve_ask_unsubscribe(void *context, struct http_request *request);
void sol_serve_unsubscribe(void *context, struct http_request *request);

#endif
