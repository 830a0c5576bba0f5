/* serve_publish.c - an answer that waits until Kafka has the events. */
#include <stdlib.h>

#include "common/io/http/http_waiting.h"
#include "serve_internal.h"

#define HTML "text/html; charset=utf-8"

/* One answer that waits for Kafka. */
struct waiting {
	struct http_waiting http; /* first: it is what comes back */
	struct sol_serve *serve;
	const struct sol_counts *counts;
	unsigned language;
	struct buf done;
};

void sol_serve_answer(const struct sol_serve *serve, struct http_request *request, int status,
		      const struct buf *page)
{
	http_answer(request, status, HTML, status == 503 ? serve->busy_headers : serve->headers,
		    buf_slice(page));
}

void sol_serve_refuse(struct sol_serve *serve, struct http_request *request,
		      const struct sol_counts *counts)
{
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	const struct sol_page page = {serve->options.site, serve->options.policy,
				      sol_serve_language(serve, request, "", ""), &out};

	metric_add(counts->refused, 1);
	sol_page_unknown(&page);
	sol_serve_answer(serve, request, 404, &out);
	buf_free(&out);
}

static void answer(struct http_waiting *http, bool is_stored)
{
	struct waiting *waiting = (struct waiting *)http;
	const struct sol_serve *serve = waiting->serve;
	const struct sol_page busy = {serve->options.site, serve->options.policy, waiting->language,
				      &waiting->done};

	metric_add(is_stored ? waiting->counts->received : waiting->counts->failed, 1);
	if (!is_stored) {
		buf_reset(&waiting->done);
		sol_page_unavailable(&busy);
	}
	sol_serve_answer(serve, http->request, is_stored ? 200 : 503, &waiting->done);
	buf_free(&waiting->done);
	free(waiting);
}

/* Runs on the producer's thread. */
void sol_serve_on_ack(void *opaque, const char *failure)
{
	struct http_waiting *http = opaque; /* what is first in all that wait */

	http_waiting_told(http, !failure);
}

void sol_serve_publish(struct sol_serve *serve, struct http_request *request, const char *customer,
		       const struct sol_events *events, const struct sol_counts *counts,
		       const struct sol_page *done)
{
	struct waiting *waiting = calloc(1, sizeof(*waiting));
	struct err why;

	if (!waiting)
		abort();
	waiting->serve = serve;
	waiting->counts = counts;
	waiting->language = done->language;
	waiting->done = *done->out;
	*done->out = BUF_MAX(done->out->max_bytes);
	http_waiting_begin(&waiting->http, request, answer);
	for (unsigned i = 0; i < events->count; i++) {
		http_waiting_add(&waiting->http);
		if (buf_failed(&events->items[i]) ||
		    producer_send(serve->producer, serve->options.events_topic, -1,
				  slice_text(customer), buf_slice(&events->items[i]), RECORD_EVENT,
				  waiting, &why) != 1)
			http_waiting_told(&waiting->http, false);
	}
	http_waiting_told(&waiting->http, true);
}
