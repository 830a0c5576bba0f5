/* serve_publish.c - an answer that waits until Kafka has the event. */
#include <stdlib.h>

#include "serve_private.h"

#define HTML "text/html; charset=utf-8"

/* One answer that waits for Kafka. */
struct waiting {
	struct sol_serve *serve;
	struct http_request *request;
	const struct sol_counts *counts;
	const struct buf *done;
};

void sol_serve_answer(const struct sol_serve *serve, struct http_request *request, int status,
		      const struct buf *page)
{
	http_answer(request, status, HTML, status == 503 ? serve->busy_headers : serve->headers,
		    buf_slice(page));
}

static void finish(const struct waiting *waiting, bool stored)
{
	const struct sol_serve *serve = waiting->serve;

	metric_add(stored ? waiting->counts->received : waiting->counts->failed, 1);
	if (stored)
		sol_serve_answer(serve, waiting->request, 200, waiting->done);
	else
		sol_serve_answer(serve, waiting->request, 503, &serve->unavailable);
}

/* On the producer's thread. */
void sol_serve_on_ack(void *opaque, const char *failure)
{
	struct waiting *waiting = opaque;

	finish(waiting, !failure);
	free(waiting);
}

void sol_serve_publish(struct sol_serve *serve, struct http_request *request, const char *customer,
		       const struct buf *event, const struct sol_counts *counts,
		       const struct buf *done)
{
	struct waiting *waiting = malloc(sizeof(*waiting));
	struct err why;

	if (!waiting)
		abort();
	*waiting = (struct waiting){serve, request, counts, done};
	http_defer(request);
	if (buf_failed(event) ||
	    producer_send(serve->producer, serve->options.events_topic, -1, slice_text(customer),
			  buf_slice(event), waiting, &why) != 1) {
		finish(waiting, false);
		free(waiting);
	}
}
