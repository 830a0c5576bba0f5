/* permits.c - see permits.h: from a request to a record. */
#include "permits.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "permit.h"
#include "permits_internal.h"

static int open_parts(struct ing_permits *permits, struct err *err)
{
	const struct producer_options producer = {
	    .brokers = permits->options.brokers,
	    .client_id = "nurture-ingest-permits",
	    .delivery_timeout_ms = permits->options.delivery_timeout_ms,
	    .acked = ing_permit_on_ack,
	};
	const char *prefix = permits->options.topic_prefix;

	snprintf(permits->requests, PERMITS_TOPIC_BYTES, "%srequests", prefix);
	snprintf(permits->answers, PERMITS_TOPIC_BYTES, "%sanswers", prefix);
	snprintf(permits->dead, PERMITS_TOPIC_BYTES, "%sdeadletter", prefix);
	permits->heard[PERMITS_ANSWERS] = permits->answers;
	permits->heard[PERMITS_DEAD] = permits->dead;
	return producer_open(&permits->producer, &producer, err);
}

int ing_permits_open(struct ing_permits **ret, const struct ing_permits_options *options,
		     struct err *err)
{
	struct ing_permits *permits = calloc(1, sizeof(*permits));
	struct err why;

	if (!permits)
		abort();
	permits->options = *options;
	ing_arena_pool_init(&permits->arena_pool);
	pthread_mutex_init(&permits->lock, NULL);
	if (open_parts(permits, err) < 0) {
		ing_permits_close(&permits);
		return -1;
	}
	if (options->wait && ing_permits_hear_first(permits, &why) < 0) {
		log_event(LOG_LEVEL_WARN, "permits_not_ready", "why", why.text, NULL);
		snprintf(permits->why, sizeof(permits->why), "%s", why.text);
	}
	if (pthread_create(&permits->listener, NULL, ing_permits_listen, permits) != 0)
		abort();
	permits->has_listener = true;
	*ret = permits;
	return 0;
}

void ing_permits_close(struct ing_permits **permits_address)
{
	struct ing_permits *permits = *permits_address;

	if (!permits)
		return;
	*permits_address = NULL;
	permits->stop = true;
	if (permits->has_listener)
		pthread_join(permits->listener, NULL);
	producer_close(&permits->producer);
	ing_arena_pool_end(&permits->arena_pool);
	arena_free(&permits->arena);
	pthread_mutex_destroy(&permits->lock);
	free(permits);
}

int64_t ing_permits_in_flight(const struct ing_permits *permits)
{
	return permits ? permits->in_flight : 0;
}

int ing_permits_check(struct ing_permits *permits, struct err *err)
{
	return permits ? producer_check(permits->producer, err) : 0;
}

/* Questions need an answer; a report is only written. */
static bool is_usable(struct ing_permits *permits, bool needs_answer, char *why, size_t size)
{
	struct err err;
	bool hears;

	if (permits->options.admission->stopping) {
		snprintf(why, size, "this instance is stopping");
		return false;
	}
	if (producer_topic_check(permits->producer, permits->requests, &err) < 0) {
		snprintf(why, size, "%s", err.text);
		return false;
	}
	if (!needs_answer)
		return true;
	pthread_mutex_lock(&permits->lock);
	hears = permits->hears;
	snprintf(why, size, "answers are not heard yet%s%s", permits->why[0] ? ": " : "",
		 permits->why);
	pthread_mutex_unlock(&permits->lock);
	return hears;
}

void ing_permits_admit(struct ing_permits *permits, struct http_request *request)
{
	struct ing_admission *admission = permits->options.admission;
	const struct ing_types *types;
	enum ing_content_type content_type;

	if (ing_admission_source(admission, request, &types) < 0 ||
	    ing_admission_content_type(admission, request, &content_type) < 0)
		return;
	if (!ing_types_allow(types, ING_PERMIT_TYPE)) {
		ing_admission_forbid(admission, request, ING_PERMIT_TYPE);
		return;
	}
	if (content_type != ING_JSON)
		ing_admission_refuse(
		    admission, request, ING_REFUSED_MEDIA_TYPE, 415, "unsupported_media_type",
		    "expected Content-Type application/json", "Accept: application/json");
	else if (permits->in_flight >= PERMITS_WAITING_MAX)
		ing_admission_refuse(admission, request, ING_REFUSED_OVERLOAD, 503, "overloaded",
				     "too many questions wait for an answer; ask again",
				     "Retry-After: 1");
}

static struct ing_pending_permit *begin(struct ing_permits *permits, struct http_request *request,
					const char *id, const char *name, const char *customer)
{
	struct ing_pending_permit *pending = ing_pending_permit_new(id, name, customer);

	pending->owner = permits;
	pending->request = request;
	pending->begun_ms = clock_monotonic_ms();
	pending->deadline_ms = pending->begun_ms + permits->options.timeout_ms;
	atomic_fetch_add(&permits->in_flight, 1);
	http_defer(request);
	return pending;
}

/* Sends the record. It takes pending's reference along, for ing_permit_on_ack(). */
static void send(struct ing_permits *permits, struct ing_pending_permit *pending,
		 struct slice record)
{
	struct err err;
	int r = producer_send(permits->producer, permits->requests, -1,
			      slice_text(pending->customer), record, RECORD_REQUEST, pending, &err);

	if (r < 1)
		ing_permit_on_ack(pending, r == 0 ? "too many records wait for Kafka" : err.text);
}

static void ask(struct ing_permits *permits, struct http_request *request, int source,
		const struct permit_question *question, struct arena *arena)
{
	const char *tool = permits->options.admission->sources->list[source].name;
	const char *name = permit_name(tool, question->id, question->customer, arena);
	struct slice record = permit_question_record(question, tool, clock_wall_ms(), arena);
	struct ing_pending_permit *pending =
	    begin(permits, request, question->id, name, question->customer);

	pending->is_question = true;
	metric_add(permits->options.admission->counts.permits_waiting, 1);
	pthread_mutex_lock(&permits->lock);
	ing_pending_permits_enter(&permits->pending_permits, pending);
	pthread_mutex_unlock(&permits->lock);
	send(permits, pending, record);
}

static void refuse_body(struct ing_permits *permits, struct http_request *request, const char *why)
{
	metric_add(permits->options.admission->counts.refused[ING_REFUSED_MALFORMED], 1);
	ing_permit_refuse_body(request, why);
}

/* Returns the source of the request, or -1 when the request was refused. */
static int let_in(struct ing_permits *permits, struct http_request *request, bool needs_answer)
{
	struct ing_admission *admission = permits->options.admission;
	int source = ing_admission_source(admission, request, NULL);
	char why[600];

	if (source < 0 || !ing_admission_take(admission, request, (size_t)source, 1))
		return -1;
	if (is_usable(permits, needs_answer, why, sizeof(why)))
		return source;
	ing_admission_refuse(admission, request, ING_REFUSED_UNAVAILABLE, 503, "unavailable", why,
			     "Retry-After: 2");
	return -1;
}

void ing_permits_ask(struct ing_permits *permits, struct http_request *request)
{
	struct ing_pooled_arena *pooled = ing_arena_pool_take(&permits->arena_pool);
	struct permit_question question;
	struct slice body;
	struct err err;
	int source;

	if (!ing_admission_body(permits->options.admission, request, PERMIT_BODY_MAX_BYTES,
				&pooled->arena, &body))
		; /* refused */
	else if (permit_question_read(body, &pooled->arena, &question, &err) < 0)
		refuse_body(permits, request, err.text);
	else if ((source = let_in(permits, request, true)) >= 0)
		ask(permits, request, source, &question, &pooled->arena);
	ing_arena_pool_give_back(&permits->arena_pool, pooled);
}

static void report(struct ing_permits *permits, struct http_request *request,
		   enum permit_report what, const char *id, const char *customer,
		   struct arena *arena)
{
	int source = let_in(permits, request, false);
	const char *name;

	if (source < 0)
		return;
	name = permit_name(permits->options.admission->sources->list[source].name, id, customer,
			   arena);
	send(permits, begin(permits, request, id, name, customer),
	     permit_report_record(what, name, clock_wall_ms(), arena));
}

void ing_permits_report(struct ing_permits *permits, struct http_request *request)
{
	struct ing_pooled_arena *pooled = ing_arena_pool_take(&permits->arena_pool);
	enum permit_report what;
	char *id, *customer;
	struct slice body;
	struct err err;

	if (permit_path_read(http_path(request), &pooled->arena, &id, &what) < 0)
		http_refuse(request, 404, "not_found",
			    "expected /v1/permits/ID/confirm or /v1/permits/ID/release", NULL);
	else if (!ing_admission_body(permits->options.admission, request, PERMIT_BODY_MAX_BYTES,
				     &pooled->arena, &body))
		; /* refused */
	else if (permit_report_read(body, &pooled->arena, &customer, &err) < 0)
		refuse_body(permits, request, err.text);
	else
		report(permits, request, what, id, customer, &pooled->arena);
	ing_arena_pool_give_back(&permits->arena_pool, pooled);
}
