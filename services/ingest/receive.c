/* receive.c - see receive.h. */
#include "receive.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "common/io/clock.h"
#include "counts.h"
#include "pending.h"
#include "rate.h"
#include "scratch.h"

struct ing_receiver {
	struct ing_options options;
	struct ing_counts counts;
	_Atomic bool stopping;
	_Atomic int64_t in_flight;
	struct ing_scratches scratches;
	pthread_mutex_t lock;
	struct ing_rate rates[ING_SOURCES_MAX]; /* lock */
};

struct ing_receiver *ing_receiver_new(const struct ing_options *options)
{
	struct ing_receiver *receiver = calloc(1, sizeof(*receiver));

	if (!receiver)
		abort();
	receiver->options = *options;
	ing_counts_register(&receiver->counts, options->sources);
	ing_scratches_init(&receiver->scratches);
	pthread_mutex_init(&receiver->lock, NULL);
	for (size_t i = 0; i < ING_SOURCES_MAX; i++)
		receiver->rates[i] = ing_rate_of(options->rate_per_second);
	return receiver;
}

void ing_receiver_free(struct ing_receiver *receiver)
{
	ing_scratches_end(&receiver->scratches);
	pthread_mutex_destroy(&receiver->lock);
	free(receiver);
}

void ing_receiver_stop(struct ing_receiver *receiver)
{
	receiver->stopping = true;
}

int64_t ing_in_flight(const struct ing_receiver *receiver)
{
	return receiver->in_flight;
}

bool ing_ready(void *context, char *reason, size_t size)
{
	struct ing_receiver *receiver = context;
	struct err err;

	if (receiver->stopping) {
		snprintf(reason, size, "this instance is stopping");
		return false;
	}
	if (producer_topic_check(receiver->options.producer, receiver->options.topic, &err) == 0 &&
	    producer_check(receiver->options.producer, &err) == 0)
		return true;
	snprintf(reason, size, "%s", err.text);
	return false;
}

static void refuse(struct ing_receiver *receiver, struct http_request *request,
		   enum ing_refusal reason, int status, const char *code, const char *message,
		   const char *headers)
{
	metric_add(receiver->counts.refused[reason], 1);
	http_refuse(request, status, code, message, headers);
}

static void refuse_overload(struct ing_receiver *receiver, struct http_request *request)
{
	refuse(receiver, request, ING_REFUSED_OVERLOAD, 503, "overloaded",
	       "too many events wait for Kafka; try again", "Retry-After: 1");
}

static int media_of(const struct http_request *request, enum ing_media *ret, struct err *err)
{
	/* Binary mode would leave id and type in headers that nobody here reads. */
	if (http_header(request, "ce-specversion"))
		return err_set(err,
			       "CloudEvents in binary mode are not taken: send them structured, "
			       "as application/cloudevents+json");
	return ing_media_parse(http_header(request, "Content-Type"),
			       http_header(request, "Content-Encoding"), ret, err);
}

/* What the headers decide, before a body is read. */
static void admit(void *context, struct http_request *request)
{
	struct ing_receiver *receiver = context;
	enum ing_media media;
	char reason[512];
	struct err err;

	if (ing_source_find(receiver->options.sources, http_header(request, "Authorization")) < 0)
		refuse(receiver, request, ING_REFUSED_UNAUTHORIZED, 401, "unauthorized",
		       "expected Authorization: Bearer and a token that is known here",
		       "WWW-Authenticate: Bearer");
	else if (media_of(request, &media, &err) < 0)
		refuse(receiver, request, ING_REFUSED_MEDIA_TYPE, 415, "unsupported_media_type",
		       err.text, "Accept: " ING_ACCEPTED_MEDIA "\nAccept-Encoding: identity");
	else if (!ing_ready(receiver, reason, sizeof(reason)))
		refuse(receiver, request, ING_REFUSED_UNAVAILABLE, 503, "unavailable", reason,
		       "Retry-After: 2");
	else if (receiver->in_flight >= receiver->options.in_flight_max)
		refuse_overload(receiver, request);
}

static bool take_rate(struct ing_receiver *receiver, size_t source, size_t events,
		      int64_t *ret_wait_ms)
{
	bool taken;

	if (receiver->options.rate_per_second == 0)
		return true;
	pthread_mutex_lock(&receiver->lock);
	taken = ing_rate_take(&receiver->rates[source], (int64_t)events, clock_monotonic_ms(),
			      ret_wait_ms);
	pthread_mutex_unlock(&receiver->lock);
	return taken;
}

static void refuse_rate(struct ing_receiver *receiver, struct http_request *request,
			int64_t wait_ms)
{
	char header[64], message[128];

	snprintf(header, sizeof(header), "Retry-After: %lld", (long long)(wait_ms + 999) / 1000);
	snprintf(message, sizeof(message), "more than %lld events a second from this source",
		 (long long)receiver->options.rate_per_second);
	refuse(receiver, request, ING_REFUSED_RATE, 429, "too_many_events", message, header);
}

static void count_results(const struct ing_receiver *receiver, const struct ing_pending *pending)
{
	int64_t counts[ING_STATUS_COUNT] = {0};

	for (size_t i = 0; i < pending->count; i++)
		counts[pending->results[i].status]++;
	for (int status = 0; status < ING_STATUS_COUNT; status++)
		metric_add(receiver->counts.events[pending->source][status], counts[status]);
	metric_observe_ms(receiver->counts.seconds, clock_monotonic_ms() - pending->begun_ms);
}

/* One acknowledgement less is missing; the last one answers. */
static void settle(struct ing_pending *pending)
{
	struct ing_receiver *receiver = pending->owner;
	struct buf body = BUF_MAX(ING_ANSWER_MAX_BYTES);
	int64_t sent_count = pending->sent_count;
	int status;

	if (atomic_fetch_sub(&pending->missing, 1) > 1)
		return;
	status = ing_answer(pending->is_array, pending->results, pending->count, &body);
	count_results(receiver, pending);
	http_answer(pending->request, status, "application/json",
		    status == 503 ? "Retry-After: 1" : NULL, buf_slice(&body));
	buf_free(&body);
	ing_pending_free(pending);
	/* Last: whoever waits for zero may free the receiver. */
	metric_add(receiver->counts.in_flight, -sent_count);
	atomic_fetch_sub(&receiver->in_flight, sent_count);
}

void ing_on_ack(void *opaque, const char *failure)
{
	struct ing_ticket *ticket = opaque;
	struct ing_pending *pending = ticket->pending;

	if (failure)
		ing_pending_fail(pending, ticket->index, pending->failure, failure);
	settle(pending);
}

static void send_all(struct ing_receiver *receiver, const struct ing_batch *batch,
		     struct ing_pending *pending)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct ing_event *event = &batch->events[i];
		struct err err;
		int r;

		if (event->result.status != ING_ACCEPTED)
			continue;
		atomic_fetch_add(&pending->missing, 1);
		r = producer_send(receiver->options.producer, receiver->options.topic, -1,
				  event->key, event->value, &pending->tickets[i], &err);
		if (r == 1)
			continue;
		ing_pending_fail(pending, i, pending->refusal,
				 r == 0 ? "too many records wait for Kafka" : err.text);
		atomic_fetch_sub(&pending->missing, 1);
	}
	settle(pending);
}

static int64_t count_valid(const struct ing_batch *batch)
{
	int64_t count = 0;

	for (size_t i = 0; i < batch->count; i++)
		count += batch->events[i].result.status == ING_ACCEPTED;
	return count;
}

/* Room for so many events in flight, taken; or not. */
static bool reserve(struct ing_receiver *receiver, int64_t count)
{
	if (atomic_fetch_add(&receiver->in_flight, count) + count >
	    receiver->options.in_flight_max) {
		atomic_fetch_sub(&receiver->in_flight, count);
		return false;
	}
	metric_add(receiver->counts.in_flight, count);
	return true;
}

static void pass_on(struct ing_receiver *receiver, struct http_request *request, size_t source,
		    const struct ing_batch *batch, int64_t begun_ms)
{
	int64_t valid = count_valid(batch);
	struct ing_pending *pending;

	if (!reserve(receiver, valid)) {
		refuse_overload(receiver, request);
		return;
	}
	pending = ing_pending_new(batch);
	pending->owner = receiver;
	pending->request = request;
	pending->source = source;
	pending->sent_count = valid;
	pending->begun_ms = begun_ms;
	http_defer(request);
	send_all(receiver, batch, pending);
}

static void receive(void *context, struct http_request *request)
{
	struct ing_receiver *receiver = context;
	struct ing_scratch *scratch = ing_scratch_take(&receiver->scratches);
	int64_t begun_ms = clock_monotonic_ms(), wait_ms;
	int source =
	    ing_source_find(receiver->options.sources, http_header(request, "Authorization"));
	struct ing_fault fault;
	struct ing_batch batch;
	enum ing_media media;

	/* admit() has asked the same of the same headers. */
	if (source < 0 || media_of(request, &media, &fault.why) < 0)
		abort();
	metric_add(receiver->counts.bytes[source], (int64_t)http_body(request).len);
	if (ing_batch_read(media, http_body(request), &scratch->arena, &batch, &fault) < 0)
		refuse(receiver, request, ING_REFUSED_MALFORMED, fault.http_status, fault.code,
		       fault.why.text, NULL);
	else if (!take_rate(receiver, (size_t)source, batch.count, &wait_ms))
		refuse_rate(receiver, request, wait_ms);
	else
		pass_on(receiver, request, (size_t)source, &batch, begun_ms);
	ing_scratch_give_back(&receiver->scratches, scratch);
}

const struct http_route ing_routes[] = {
    {.method = "POST",
     .path = "/v1/events",
     .body_max_bytes = ING_BODY_MAX_BYTES,
     .handler = receive,
     .admit = admit},
    {0},
};
