/* tracking.c - see tracking.h: from a call to records in Kafka and back. */
#include "tracking.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "common/codec/json.h"
#include "common/io/http/http_waiting.h"
#include "common/io/kafka/producer.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/io/process/log_limit.h"
#include "fields.h"
#include "services/ingest/arena_pool.h"
#include "services/ingest/content_coding.h"
#include "write_key.h"
#include "services/ingest/request_trace.h"

enum { TOPIC_BYTES = 250 };

struct ing_tracking {
	struct ing_tracking_options options;
	struct ing_admission admission; /* of write keys: a token of /v1/events is none */
	struct producer *producer;
	struct ing_arena_pool arena_pool;
	char events[TOPIC_BYTES], deadletter[TOPIC_BYTES];
	_Atomic int64_t in_flight;
	struct log_limit invalid; /* lines of the log */
	struct metric *skipped[ING_SKIP_COUNT], *left_out;
};

/* One call whose records are on their way. */
struct call_pending {
	struct http_waiting waiting; /* first: it is what comes back */
	struct ing_tracking *tracking;
	size_t source;
	int64_t begun_ms, sent_count;
	int64_t counts[ING_STATUS_COUNT];
	struct ing_request_trace trace;
};

/* What a call has come to, before anything is sent. */
struct call {
	size_t source;
	const struct ing_types *types;
	size_t count;
	struct slice *messages;
	struct ing_tracked *tracked; /* of each message */
};

static void register_metrics(struct ing_tracking *tracking)
{
	static const char *const labels[ING_SKIP_COUNT] = {
#define X(name, text) [ING_SKIP_##name] = "reason=\"" text "\"",
	    ING_SKIPS(X)
#undef X
	};

	for (int i = ING_NOT_SKIPPED + 1; i < ING_SKIP_COUNT; i++)
		tracking->skipped[i] =
		    metric_counter("nurture_ingest_tracking_skipped_total", labels[i],
				   "Messages of tracking calls that mean nothing here, by reason.");
	tracking->left_out =
	    metric_counter("nurture_ingest_tracking_values_left_out_total", "",
			   "Values of tracking calls that were left out, since they are not what "
			   "an event may hold.");
}

static void on_ack(void *opaque, const char *failure)
{
	struct call_pending *pending = opaque;

	http_waiting_told(&pending->waiting, !failure);
}

int ing_tracking_open(struct ing_tracking **ret, const struct ing_tracking_options *options,
		      struct err *err)
{
	const struct producer_options producer = {
	    .brokers = options->brokers,
	    .client_id = "nurture-ingest-tracking",
	    .delivery_timeout_ms = options->delivery_timeout_ms,
	    .acked = on_ack,
	    .acks_begin = http_burst_begin,
	    .acks_end = http_burst_end,
	};
	struct ing_tracking *tracking = calloc(1, sizeof(*tracking));
	struct err ignored;
	int32_t partitions;

	if (!tracking)
		abort();
	tracking->options = *options;
	snprintf(tracking->events, TOPIC_BYTES, "%sevents", options->topic_prefix);
	snprintf(tracking->deadletter, TOPIC_BYTES, "%sdeadletter", options->topic_prefix);
	if (producer_open(&tracking->producer, &producer, err) < 0) {
		free(tracking);
		return -1;
	}
	ing_admission_open(&tracking->admission, options->keys, options->rate_per_second);
	register_metrics(tracking);
	ing_arena_pool_init(&tracking->arena_pool);
	if (options->wait)
		producer_partitions(tracking->producer, tracking->events, &partitions, &ignored);
	*ret = tracking;
	return 0;
}

void ing_tracking_close(struct ing_tracking **tracking_at)
{
	struct ing_tracking *tracking = *tracking_at;

	if (!tracking)
		return;
	*tracking_at = NULL;
	producer_close(&tracking->producer);
	ing_arena_pool_end(&tracking->arena_pool);
	ing_admission_close(&tracking->admission);
	free(tracking);
}

bool ing_tracking_ready(struct ing_tracking *tracking, struct err *err)
{
	return !tracking || producer_takes(tracking->producer, tracking->events, err);
}

int ing_tracking_check(struct ing_tracking *tracking, struct err *err)
{
	return tracking ? producer_check(tracking->producer, err) : 0;
}

void ing_tracking_stop(struct ing_tracking *tracking)
{
	if (tracking)
		tracking->admission.stopping = true;
}

int64_t ing_tracking_in_flight(const struct ing_tracking *tracking)
{
	return tracking ? tracking->in_flight : 0;
}

static void refuse_key(struct ing_tracking *tracking, struct http_request *request)
{
	ing_admission_refuse(&tracking->admission, request, ING_REFUSED_UNAUTHORIZED, 401,
			     "unauthorized",
			     "expected a write key that is known here, as the user of Basic "
			     "authentication or as writeKey of the body",
			     "WWW-Authenticate: Basic realm=\"write key\"");
}

static void refuse_unavailable(struct ing_tracking *tracking, struct http_request *request,
			       const char *code, const char *why)
{
	ing_admission_refuse(&tracking->admission, request, ING_REFUSED_UNAVAILABLE, 503, code, why,
			     "Retry-After: 2");
}

void ing_tracking_admit(struct ing_tracking *tracking, struct http_request *request)
{
	const struct ing_types *types;
	const char *header;
	struct err err;

	if (!tracking) {
		http_refuse(request, 404, "not_found",
			    "tracking calls are off here: NURTURE_TRACKING_KEYS", NULL);
		return;
	}
	header = http_header(request, "Authorization");
	if (header && ing_write_key_source(tracking->options.keys, header, "", &types) < 0)
		refuse_key(tracking, request);
	else if (tracking->admission.stopping)
		refuse_unavailable(tracking, request, "stopping", "this instance is stopping");
	else if (!producer_takes(tracking->producer, tracking->events, &err) ||
		 producer_check(tracking->producer, &err) < 0)
		refuse_unavailable(tracking, request, "unavailable", err.text);
}

static void answer(struct http_waiting *waiting, bool is_stored)
{
	struct call_pending *pending = (struct call_pending *)waiting;
	struct ing_tracking *tracking = pending->tracking;
	const struct ing_counts *counts = &tracking->admission.counts;
	int64_t sent_count = pending->sent_count;

	if (!is_stored) {
		pending->counts[ING_FAILED] += pending->counts[ING_ACCEPTED];
		pending->counts[ING_ACCEPTED] = 0;
	}
	for (int status = 0; status < ING_STATUS_COUNT; status++)
		metric_add(counts->events[pending->source][status], pending->counts[status]);
	metric_observe_ms(counts->seconds, clock_monotonic_ms() - pending->begun_ms);
	metric_add(counts->in_flight, -sent_count);
	if (is_stored)
		http_answer(waiting->request, 200, "application/json", NULL,
			    slice_text("{\"success\":true}\n"));
	else
		http_refuse(waiting->request, 503, "not_stored",
			    "not every event was stored; send them again", "Retry-After: 1");
	free(pending);
	/* This comes last: the thread that waits for zero may free tracking. */
	atomic_fetch_sub(&tracking->in_flight, sent_count);
}

static void sent(struct call_pending *pending, int r)
{
	if (r < 1)
		http_waiting_told(&pending->waiting, false);
}

/* It was answered with success, since a library that is told otherwise throws the batch away. */
static void say_invalid(struct ing_tracking *tracking, const struct call *call, const char *why)
{
	const char *found = strstr(why, ", found"); /* and what a person may have written */
	char text[200];
	int64_t held;

	if (!log_limit_allows(&tracking->invalid, clock_monotonic_ms(), &held))
		return;
	snprintf(text, sizeof(text), "%.*s", found ? (int)(found - why) : (int)strlen(why), why);
	log_event(LOG_LEVEL_WARN, "tracking_invalid", "source",
		  tracking->options.keys->list[call->source].name, "why", text, "held_back",
		  log_number(held), NULL);
}

static void send_message(struct call_pending *pending, const struct call *call, size_t index)
{
	struct ing_tracking *tracking = pending->tracking;
	const struct ing_tracked *tracked = &call->tracked[index];
	struct err err;

	if (tracked->invalid) {
		say_invalid(tracking, call, tracked->invalid);
		pending->counts[ING_INVALID]++;
		http_waiting_add(&pending->waiting);
		sent(pending, producer_dead_letter(tracking->producer, tracking->deadletter,
						   slice_text(tracked->user), call->messages[index],
						   "ingest", tracked->invalid, pending, &err));
	}
	for (unsigned i = 0; i < tracked->count; i++) {
		const struct ing_tracked_event *event = &tracked->events[i];

		if (!ing_types_allow(call->types, event->type)) {
			pending->counts[ING_FORBIDDEN]++;
			continue;
		}
		pending->counts[ING_ACCEPTED]++;
		http_waiting_add(&pending->waiting);
		sent(pending,
		     producer_send_traced(tracking->producer, tracking->events, -1,
					  slice_text(event->customer), event->value, RECORD_EVENT,
					  ing_request_trace_next(&pending->trace, tracking->events),
					  pending, &err));
	}
}

/* Counts what is said of the messages; returns how many records they may come to. */
static int64_t count_records(const struct ing_tracking *tracking, const struct call *call)
{
	int64_t count = 0;

	for (size_t i = 0; i < call->count; i++) {
		const struct ing_tracked *tracked = &call->tracked[i];

		if (tracked->skip)
			metric_add(tracking->skipped[tracked->skip], 1);
		metric_add(tracking->left_out, tracked->left_out);
		count += tracked->count + (tracked->invalid != NULL);
	}
	return count;
}

static void pass_on(struct ing_tracking *tracking, struct http_request *request,
		    const struct call *call, int64_t begun_ms)
{
	int64_t count = count_records(tracking, call);
	struct call_pending *pending;

	if (atomic_fetch_add(&tracking->in_flight, count) + count >
	    tracking->options.in_flight_max) {
		atomic_fetch_sub(&tracking->in_flight, count);
		ing_admission_refuse(&tracking->admission, request, ING_REFUSED_OVERLOAD, 503,
				     "overloaded", "too many events wait for Kafka; try again",
				     "Retry-After: 1");
		return;
	}
	metric_add(tracking->admission.counts.in_flight, count);
	pending = calloc(1, sizeof(*pending));
	if (!pending)
		abort();
	pending->tracking = tracking;
	pending->source = call->source;
	pending->begun_ms = begun_ms;
	pending->sent_count = count;
	pending->trace = ing_request_trace_of(request);
	http_waiting_begin(&pending->waiting, request, answer);
	for (size_t i = 0; i < call->count; i++)
		send_message(pending, call, i);
	http_waiting_told(&pending->waiting, true);
}

/* Splits a batch into its messages; -1: there are too many, or it is none. */
static int split(struct slice batch, struct arena *arena, struct call *call)
{
	struct json_reader reader = json_reader_of(batch);
	struct err ignored;

	if (!ing_field_is(batch, '['))
		return -1;
	call->messages = arena_alloc(arena, ING_EVENTS_MAX * sizeof(*call->messages));
	while (json_reader_next(&reader, arena, &ignored) == 1) {
		if (call->count == ING_EVENTS_MAX)
			return -1;
		call->messages[call->count++] = reader.value;
	}
	return 0;
}

static int read_messages(const char *type, struct slice body, struct arena *arena,
			 struct call *call, struct err *err)
{
	if (!type[0]) {
		if (split(ing_field(body, "batch", arena), arena, call) == 0)
			return 0;
		return err_set(err, "$.batch: expected an array of at most %d messages",
			       ING_EVENTS_MAX);
	}
	if (body.len > ING_MESSAGE_MAX_BYTES)
		return err_set(err, "expected a message of at most %d bytes",
			       ING_MESSAGE_MAX_BYTES);
	call->messages = arena_alloc(arena, sizeof(*call->messages));
	call->messages[0] = body;
	call->count = 1;
	return 0;
}

static void map_all(const struct ing_tracking *tracking, const char *type, struct slice body,
		    struct arena *arena, struct call *call)
{
	const struct ing_tracking_call what = {
	    .type = type,
	    .context = type[0] ? slice_of("", 0) : ing_field(body, "context", arena),
	    .sent_at = ing_field_text(body, "sentAt", arena),
	    .received_ms = clock_wall_ms(),
	};

	call->tracked = arena_zalloc(arena, (call->count + 1) * sizeof(*call->tracked));
	for (size_t i = 0; i < call->count; i++)
		ing_tracking_map(tracking->options.names, &what, call->messages[i], arena,
				 &call->tracked[i]);
}

static void complete_all(const struct ing_tracking *tracking, const struct call *call,
			 struct arena *arena)
{
	for (size_t i = 0; i < call->count; i++)
		for (unsigned j = 0; j < call->tracked[i].count; j++) {
			struct slice *value = &call->tracked[i].events[j].value;

			*value =
			    catalogue_file_complete(tracking->options.catalogue, *value, arena);
		}
}

static void refuse_body(struct ing_tracking *tracking, struct http_request *request,
			const char *code, const char *why)
{
	ing_admission_refuse(&tracking->admission, request, ING_REFUSED_MALFORMED, 400, code, why,
			     NULL);
}

/* The body as it was before it was compressed; false: it was refused. */
static bool read_body(struct ing_tracking *tracking, struct http_request *request,
		      struct arena *arena, struct slice *ret)
{
	enum ing_content_coding coding;
	struct ing_fault fault;

	if (ing_content_coding_parse(http_header(request, "Content-Encoding"), &coding,
				     &fault.why) < 0)
		ing_admission_refuse(&tracking->admission, request, ING_REFUSED_MEDIA_TYPE, 415,
				     "unsupported_media_type", fault.why.text,
				     "Accept-Encoding: " ING_ACCEPTED_CODINGS);
	else if (ing_content_decode(coding, http_body(request), ING_TRACKING_BODY_BYTES, arena, ret,
				    &fault) < 0)
		refuse_body(tracking, request, fault.code, fault.why.text);
	else if (!json_is_strict(*ret) || json_first_byte(*ret) != '{')
		refuse_body(tracking, request, "invalid_json", "expected a JSON object");
	else
		return true;
	return false;
}

static void receive(struct ing_tracking *tracking, struct http_request *request,
		    struct arena *arena)
{
	const char *type = strrchr(http_path(request), '/') + 1;
	int64_t begun_ms = clock_monotonic_ms();
	struct call call = {0};
	struct slice body;
	struct err err;
	int source;

	if (strcmp(type, "batch") == 0)
		type = "";
	if (!read_body(tracking, request, arena, &body))
		return;
	body = slice_trim(body, " \t\r\n");
	source = ing_write_key_source(tracking->options.keys, http_header(request, "Authorization"),
				      ing_field_text(body, "writeKey", arena), &call.types);
	if (source < 0) {
		refuse_key(tracking, request);
		return;
	}
	call.source = (size_t)source;
	metric_add(tracking->admission.counts.bytes[source], (int64_t)http_body(request).len);
	if (read_messages(type, body, arena, &call, &err) < 0) {
		refuse_body(tracking, request, "invalid_call", err.text);
	} else if (ing_admission_take(&tracking->admission, request, call.source, call.count)) {
		map_all(tracking, type, body, arena, &call);
		complete_all(tracking, &call, arena);
		pass_on(tracking, request, &call, begun_ms);
	}
}

void ing_tracking_receive(struct ing_tracking *tracking, struct http_request *request)
{
	struct ing_pooled_arena *pooled = ing_arena_pool_take(&tracking->arena_pool);

	receive(tracking, request, &pooled->arena);
	ing_arena_pool_give_back(&tracking->arena_pool, pooled);
}
