/* receive.c - see receive.h. */
#include "receive.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "ahead.h"
#include "answer.h"
#include "binary_event.h"
#include "common/io/process/clock.h"
#include "feedback_body.h"
#include "near_types.h"
#include "pending.h"
#include "services/ingest/arena_pool.h"
#include "services/ingest/request_trace.h"

struct ing_receiver {
	struct ing_options options;
	struct ing_admission *admission;
	_Atomic int64_t in_flight;
	struct ing_arena_pool arena_pool;
	struct ing_ahead ahead;
	struct ing_near_types near_types;
};

struct ing_receiver *ing_receiver_new(const struct ing_options *options)
{
	struct ing_receiver *receiver = calloc(1, sizeof(*receiver));

	if (!receiver)
		abort();
	receiver->options = *options;
	receiver->admission = options->admission;
	receiver->ahead.sources = receiver->admission->sources;
	receiver->ahead.counts = &receiver->admission->counts;
	ing_arena_pool_init(&receiver->arena_pool);
	return receiver;
}

void ing_receiver_free(struct ing_receiver *receiver)
{
	ing_arena_pool_end(&receiver->arena_pool);
	free(receiver);
}

int64_t ing_in_flight(const struct ing_receiver *receiver)
{
	return receiver->in_flight;
}

bool ing_receiver_ready(struct ing_receiver *receiver, char *reason, size_t size)
{
	struct err err;

	if (receiver->admission->stopping) {
		snprintf(reason, size, "this instance is stopping");
		return false;
	}
	if (producer_takes(receiver->options.producer, receiver->options.topic, &err) &&
	    producer_check(receiver->options.producer, &err) == 0)
		return true;
	snprintf(reason, size, "%s", err.text);
	return false;
}

bool ing_receiver_has_old_count(struct ing_receiver *receiver, struct err *why)
{
	struct err ignored;
	bool has =
	    producer_takes(receiver->options.producer, receiver->options.topic, &ignored) &&
	    producer_topic_check(receiver->options.producer, receiver->options.topic, why) < 0;

	metric_set(receiver->admission->counts.old_count, has);
	return has;
}

static void refuse_overload(struct ing_receiver *receiver, struct http_request *request)
{
	ing_admission_refuse(receiver->admission, request, ING_REFUSED_OVERLOAD, 503, "overloaded",
			     "too many events wait for Kafka; try again", "Retry-After: 1");
}

void ing_events_admit(struct ing_receiver *receiver, struct http_request *request)
{
	enum ing_content_type content_type;
	char reason[512];

	if (!ing_admission_publisher(receiver->admission, request) ||
	    ing_admission_content_type(receiver->admission, request, &content_type) < 0)
		return;
	if (!ing_receiver_ready(receiver, reason, sizeof(reason)))
		ing_admission_refuse(receiver->admission, request, ING_REFUSED_UNAVAILABLE, 503,
				     "unavailable", reason, "Retry-After: 2");
	else if (receiver->in_flight >= receiver->options.in_flight_max)
		refuse_overload(receiver, request);
}

static void count_results(const struct ing_receiver *receiver, const struct ing_pending *pending)
{
	int64_t counts[ING_STATUS_COUNT] = {0};

	for (size_t i = 0; i < pending->count; i++)
		counts[pending->results[i].status]++;
	for (int status = 0; status < ING_STATUS_COUNT; status++)
		metric_add(receiver->admission->counts.events[pending->source][status],
			   counts[status]);
	metric_observe_ms(receiver->admission->counts.seconds,
			  clock_monotonic_ms() - pending->begun_ms);
}

static void answer(struct http_waiting *waiting, bool is_stored)
{
	struct ing_pending *pending = (struct ing_pending *)waiting;
	struct ing_receiver *receiver = pending->owner;
	struct buf body = BUF_MAX(ING_ANSWER_MAX_BYTES);
	int64_t sent_count = pending->sent_count;
	int status;

	(void)is_stored; /* each event's own result says more */
	status = ing_answer(pending->is_array, pending->results, pending->count, &body);
	count_results(receiver, pending);
	http_answer(waiting->request, status, "application/json",
		    status == 503 ? "Retry-After: 1" : NULL, buf_slice(&body));
	buf_free(&body);
	ing_pending_free(pending);
	/* This comes last: the thread that waits for zero may free the receiver. */
	metric_add(receiver->admission->counts.in_flight, -sent_count);
	atomic_fetch_sub(&receiver->in_flight, sent_count);
}

void ing_on_ack(void *opaque, const char *failure)
{
	struct ing_ticket *ticket = opaque;
	struct ing_pending *pending = ticket->pending;

	if (failure)
		ing_pending_fail(pending, ticket->index, pending->failure, failure);
	http_waiting_told(&pending->waiting, !failure);
}

static void send_all(struct ing_receiver *receiver, const struct ing_batch *batch,
		     struct ing_request_trace *trace, struct ing_pending *pending)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct ing_event *event = &batch->events[i];
		struct err err;
		int r;

		if (event->result.status != ING_ACCEPTED)
			continue;
		http_waiting_add(&pending->waiting);
		r = producer_send_traced(receiver->options.producer, receiver->options.topic, -1,
					 event->key, event->value, event->kind,
					 ing_request_trace_next(trace, receiver->options.topic),
					 &pending->tickets[i], &err);
		if (r == 1)
			continue;
		ing_pending_fail(pending, i, pending->refusal,
				 r == 0 ? "too many records wait for Kafka" : err.text);
		http_waiting_told(&pending->waiting, false);
	}
	http_waiting_told(&pending->waiting, true);
}

static void note_ahead(struct ing_receiver *receiver, const struct ing_batch *batch, size_t source)
{
	int64_t now_ms = clock_wall_ms();

	for (size_t i = 0; i < batch->count; i++)
		if (batch->events[i].result.status == ING_ACCEPTED)
			ing_ahead_note(&receiver->ahead, source, batch->events[i].time_ms, now_ms);
}

static int64_t count_valid(const struct ing_batch *batch)
{
	int64_t count = 0;

	for (size_t i = 0; i < batch->count; i++)
		count += batch->events[i].result.status == ING_ACCEPTED;
	return count;
}

/* Reserves room for so many events in flight; false when there is none. */
static bool reserve(struct ing_receiver *receiver, int64_t count)
{
	if (atomic_fetch_add(&receiver->in_flight, count) + count >
	    receiver->options.in_flight_max) {
		atomic_fetch_sub(&receiver->in_flight, count);
		return false;
	}
	metric_add(receiver->admission->counts.in_flight, count);
	return true;
}

static void complete(struct catalogue_file *file, struct ing_batch *batch, struct arena *arena)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct ing_event *event = &batch->events[i];

		if (event->result.status == ING_ACCEPTED)
			event->value = catalogue_file_complete(file, event->value, arena);
	}
}

static void pass_on(struct ing_receiver *receiver, struct http_request *request, size_t source,
		    const struct ing_batch *batch, int64_t begun_ms)
{
	int64_t valid = count_valid(batch);
	struct ing_request_trace trace;
	struct ing_pending *pending;

	if (!reserve(receiver, valid)) {
		refuse_overload(receiver, request);
		return;
	}
	note_ahead(receiver, batch, source);
	ing_near_types_note(&receiver->near_types, batch,
			    receiver->admission->sources->list[source].name);
	pending = ing_pending_new(batch);
	pending->owner = receiver;
	pending->source = source;
	pending->sent_count = valid;
	pending->begun_ms = begun_ms;
	trace = ing_request_trace_of(request);
	http_waiting_begin(&pending->waiting, request, answer);
	send_all(receiver, batch, &trace, pending);
}

struct attributes {
	struct ing_attribute list[ING_ATTRIBUTES_MAX + 1];
	size_t count; /* one more than allowed: too many */
};

static void note_attribute(void *context, struct slice name, struct slice value)
{
	static const char prefix[] = "ce-";
	struct attributes *attributes = context;

	if (name.len <= strlen(prefix) || attributes->count > ING_ATTRIBUTES_MAX ||
	    strncasecmp((const char *)name.bytes, prefix, strlen(prefix)) != 0)
		return;
	name = slice_of(name.bytes + strlen(prefix), name.len - strlen(prefix));
	attributes->list[attributes->count++] = (struct ing_attribute){name, value};
}

/* The events of a request. A CloudEvent in binary mode is read as the structured one that it is. */
static int read_batch(struct http_request *request, enum ing_content_type content_type,
		      struct slice body, struct arena *arena, struct ing_batch *ret,
		      struct ing_fault *fault)
{
	struct attributes attributes;

	if (strcmp(http_path(request), ING_FEEDBACK_PATH) == 0 && content_type == ING_JSON)
		body = ing_feedback_body(body, clock_wall_ms(), arena);
	if (content_type != ING_CLOUDEVENT_BINARY)
		return ing_batch_read(content_type, body, arena, ret, fault);
	attributes.count = 0;
	http_each_header(request, note_attribute, &attributes);
	if (ing_binary_event(attributes.list, attributes.count, body, arena, &body, fault) < 0)
		return -1;
	return ing_batch_read(ING_CLOUDEVENT, body, arena, ret, fault);
}

static void receive(struct ing_receiver *receiver, struct http_request *request,
		    struct arena *arena, int64_t begun_ms)
{
	struct ing_admission *admission = receiver->admission;
	enum ing_content_type content_type;
	const struct ing_types *types;
	struct ing_fault fault;
	struct ing_batch batch;
	struct slice body;
	int source = ing_admission_signer(admission, request, arena, &types);

	if (source < 0 || ing_admission_content_type(admission, request, &content_type) < 0 ||
	    !ing_admission_body(admission, request, ING_BODY_MAX_BYTES, arena, &body))
		return;
	metric_add(admission->counts.bytes[source], (int64_t)http_body(request).len);
	if (read_batch(request, content_type, body, arena, &batch, &fault) < 0) {
		ing_admission_refuse(admission, request, ING_REFUSED_MALFORMED, fault.http_status,
				     fault.code, fault.why.text, NULL);
	} else if (ing_admission_take(admission, request, (size_t)source, batch.count)) {
		ing_batch_limit(&batch, types, arena);
		complete(receiver->options.catalogue, &batch, arena);
		pass_on(receiver, request, (size_t)source, &batch, begun_ms);
	}
}

void ing_events_receive(struct ing_receiver *receiver, struct http_request *request)
{
	struct ing_pooled_arena *pooled = ing_arena_pool_take(&receiver->arena_pool);

	receive(receiver, request, &pooled->arena, clock_monotonic_ms());
	ing_arena_pool_give_back(&receiver->arena_pool, pooled);
}
