/* admission.c - see admission.h. */
#include "admission.h"

#include <stdio.h>

#include "common/io/process/clock.h"
#include "services/ingest/content_coding.h"
#include "services/ingest/events/batch.h"
#include "services/ingest/signature.h"

void ing_admission_open(struct ing_admission *admission, const struct ing_sources *sources,
			int64_t rate_per_second)
{
	admission->sources = sources;
	admission->rate_per_second = rate_per_second;
	ing_counts_register(&admission->counts, sources);
	pthread_mutex_init(&admission->lock, NULL);
	/* A source may use up a second's allowance at once, and always one whole array. */
	admission->rate = rate_of_seconds(
	    rate_per_second, rate_per_second > ING_EVENTS_MAX ? rate_per_second : ING_EVENTS_MAX);
}

void ing_admission_close(struct ing_admission *admission)
{
	pthread_mutex_destroy(&admission->lock);
}

void ing_admission_refuse(struct ing_admission *admission, struct http_request *request,
			  enum ing_refusal reason, int status, const char *code,
			  const char *message, const char *headers)
{
	metric_add(admission->counts.refused[reason], 1);
	http_refuse(request, status, code, message, headers);
}

void ing_admission_forbid(struct ing_admission *admission, struct http_request *request,
			  const char *type)
{
	char message[ING_FORBIDDEN_BYTES];

	ing_admission_refuse(admission, request, ING_REFUSED_FORBIDDEN, 403, "forbidden",
			     ing_forbidden_text(type, message), NULL);
}

/* Who publishes, kept in the request's room: the token is hashed and looked for once. */
struct publisher {
	bool is_known;
	int source;
	const struct ing_types *types;
};
_Static_assert(sizeof(struct publisher) <= HTTP_ROOM_BYTES, "a publisher does not fit");

static struct publisher *publisher_of(const struct ing_admission *admission,
				      struct http_request *request)
{
	struct publisher *publisher = http_room(request);

	if (!publisher->is_known)
		publisher->source = ing_source_find(
		    admission->sources, http_header(request, "Authorization"), &publisher->types);
	publisher->is_known = true;
	return publisher;
}

static const char *expected_of(const struct ing_admission *admission,
			       const struct http_request *request)
{
	bool signs = http_header(request, "webhook-signature") &&
		     !http_header(request, "Authorization") &&
		     !ing_sources_sign(admission->sources);

	return signs ? "this request is signed, but no token here is a signing secret (whsec_...): "
		       "expected one in NURTURE_INGEST_TOKENS, or Authorization: Bearer"
		     : "expected Authorization: Bearer and a token that is known here";
}

int ing_admission_source(struct ing_admission *admission, struct http_request *request,
			 const struct ing_types **ret_types)
{
	const struct publisher *publisher = publisher_of(admission, request);
	int source = publisher->source;

	if (ret_types)
		*ret_types = publisher->types;
	if (source < 0)
		ing_admission_refuse(admission, request, ING_REFUSED_UNAUTHORIZED, 401,
				     "unauthorized", expected_of(admission, request),
				     "WWW-Authenticate: Bearer");
	return source;
}

static struct ing_webhook webhook_of(const struct http_request *request)
{
	return (struct ing_webhook){http_header(request, "webhook-id"),
				    http_header(request, "webhook-timestamp"),
				    http_header(request, "webhook-signature")};
}

/* Signed, and not by a token: an Authorization beside a signature is what counts. */
static bool is_signed(const struct ing_admission *admission, const struct http_request *request)
{
	return !http_header(request, "Authorization") &&
	       http_header(request, "webhook-signature") && ing_sources_sign(admission->sources);
}

bool ing_admission_publisher(struct ing_admission *admission, struct http_request *request)
{
	return is_signed(admission, request) || ing_admission_source(admission, request, NULL) >= 0;
}

int ing_admission_signer(struct ing_admission *admission, struct http_request *request,
			 struct arena *arena, const struct ing_types **ret_types)
{
	struct publisher *publisher = http_room(request);
	struct ing_webhook webhook;
	struct err err;

	if (!publisher->is_known && is_signed(admission, request)) {
		webhook = webhook_of(request);
		publisher->source =
		    ing_webhook_source(admission->sources, &webhook, http_body(request),
				       clock_wall_ms(), arena, &publisher->types, &err);
		publisher->is_known = true;
		if (publisher->source < 0) {
			ing_admission_refuse(admission, request, ING_REFUSED_UNAUTHORIZED, 401,
					     "unauthorized", err.text, "WWW-Authenticate: Bearer");
			return -1;
		}
	}
	return ing_admission_source(admission, request, ret_types);
}

static int refuse_coding(struct ing_admission *admission, struct http_request *request,
			 const char *why)
{
	ing_admission_refuse(admission, request, ING_REFUSED_MEDIA_TYPE, 415,
			     "unsupported_media_type", why,
			     "Accept-Encoding: " ING_ACCEPTED_CODINGS);
	return -1;
}

int ing_admission_content_type(struct ing_admission *admission, struct http_request *request,
			       enum ing_content_type *ret)
{
	enum ing_content_coding coding;
	struct err err;

	if (ing_content_coding_parse(http_header(request, "Content-Encoding"), &coding, &err) < 0)
		return refuse_coding(admission, request, err.text);
	if (ing_content_type_parse(http_header(request, "Content-Type"),
				   http_header(request, "ce-specversion") != NULL, ret, &err) == 0)
		return 0;
	ing_admission_refuse(admission, request, ING_REFUSED_MEDIA_TYPE, 415,
			     "unsupported_media_type", err.text,
			     "Accept: " ING_ACCEPTED_CONTENT_TYPES);
	return -1;
}

bool ing_admission_body(struct ing_admission *admission, struct http_request *request,
			size_t max_bytes, struct arena *arena, struct slice *ret)
{
	enum ing_content_coding coding;
	struct ing_fault fault;

	if (ing_content_coding_parse(http_header(request, "Content-Encoding"), &coding,
				     &fault.why) < 0) {
		refuse_coding(admission, request, fault.why.text);
		return false;
	}
	if (ing_content_decode(coding, http_body(request), max_bytes, arena, ret, &fault) == 0)
		return true;
	ing_admission_refuse(admission, request, ING_REFUSED_MALFORMED, fault.http_status,
			     fault.code, fault.why.text, NULL);
	return false;
}

static void refuse_rate(struct ing_admission *admission, struct http_request *request,
			int64_t wait_ms)
{
	char header[64], message[128];

	snprintf(header, sizeof(header), "Retry-After: %lld", (long long)(wait_ms + 999) / 1000);
	snprintf(message, sizeof(message), "more than %lld events a second from this source",
		 (long long)admission->rate_per_second);
	ing_admission_refuse(admission, request, ING_REFUSED_RATE, 429, "too_many_events", message,
			     header);
}

bool ing_admission_take(struct ing_admission *admission, struct http_request *request,
			size_t source, size_t events)
{
	int64_t cost_us = rate_cost_us(admission->rate_per_second, (int64_t)events);
	struct rate_verdict verdict;

	if (admission->rate_per_second == 0)
		return true;
	pthread_mutex_lock(&admission->lock);
	verdict = rate_take_cost(&admission->rates[source], &admission->rate, cost_us,
				 clock_monotonic_ms() * 1000);
	pthread_mutex_unlock(&admission->lock);
	if (verdict.word == RATE_ALLOWED)
		return true;
	refuse_rate(admission, request, (verdict.wait_us + 999) / 1000);
	return false;
}
