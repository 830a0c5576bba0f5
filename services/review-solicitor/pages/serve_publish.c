/* serve_publish.c - an answer that waits until Kafka has the events. */
#include <stdatomic.h>
#include <stdlib.h>

#include "serve_private.h"

#define HTML "text/html; charset=utf-8"

/* One answer that waits for Kafka. */
struct waiting {
	struct sol_serve *serve;
	struct http_request *request;
	const struct sol_counts *counts;
	unsigned language;
	struct buf done;
	atomic_uint left; /* of its events; one more while they are being sent */
	atomic_bool failed;
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

static void answer(struct waiting *waiting)
{
	const struct sol_serve *serve = waiting->serve;
	const struct sol_page busy = {serve->options.site, serve->options.policy, waiting->language,
				      &waiting->done};
	bool stored = !atomic_load(&waiting->failed);

	metric_add(stored ? waiting->counts->received : waiting->counts->failed, 1);
	if (!stored) {
		buf_reset(&waiting->done);
		sol_page_unavailable(&busy);
	}
	sol_serve_answer(serve, waiting->request, stored ? 200 : 503, &waiting->done);
}

/* The thread that ends the last event answers the request. */
static void finish(struct waiting *waiting, bool stored)
{
	if (!stored)
		atomic_store(&waiting->failed, true);
	if (atomic_fetch_sub(&waiting->left, 1) > 1)
		return;
	answer(waiting);
	buf_free(&waiting->done);
	free(waiting);
}

/* Runs on the producer's thread. */
void sol_serve_on_ack(void *opaque, const char *failure)
{
	finish(opaque, !failure);
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
	waiting->request = request;
	waiting->counts = counts;
	waiting->language = done->language;
	waiting->done = *done->out;
	*done->out = BUF_MAX(done->out->max_bytes);
	atomic_init(&waiting->left, events->count + 1);
	http_defer(request);
	for (unsigned i = 0; i < events->count; i++)
		if (buf_failed(&events->items[i]) ||
		    producer_send(serve->producer, serve->options.events_topic, -1,
				  slice_text(customer), buf_slice(&events->items[i]), waiting,
				  &why) != 1)
			finish(waiting, false);
	finish(waiting, true);
}
