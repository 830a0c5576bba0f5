/*
 * serve_click.c - a counted link of a mail: leads on to where it says, and notes who followed it.
 *
 * Whoever follows a link gets there whatever else happens: that the click cannot be kept, is one too
 * many, or is nobody's to be noted, changes nothing for them.  A click is noted when the newest that
 * is known of the person allows it; when that cannot be asked now, it is not.  Programs that look
 * ahead for somebody (HEAD, Sec-Purpose: prefetch) have not been followed by anybody yet; that many mail
 * scanners open links like people do is said in docs/pages.md.
 */
#include <stdlib.h>

#include "common/base/civil.h"
#include "common/io/http/http_waiting.h"
#include "common/io/process/clock.h"
#include "common/message/event.h"
#include "common/policy/event_type.h"
#include "common/token/click_token.h"
#include "serve_internal.h"

/* Neither the address that we lead to nor anybody between keeps whose link it was. */
#define CLICK_HEADERS "Cache-Control: no-store\nReferrer-Policy: no-referrer\nLocation: "

/* One redirection that waits for Kafka. */
struct following {
	struct http_waiting http; /* first: it is what comes back */
	const struct sol_counts *counts;
	char headers[sizeof(CLICK_HEADERS) + CLICK_URL_MAX_BYTES];
};

static void lead_on(struct http_waiting *http, bool is_stored)
{
	struct following *following = (struct following *)http;

	metric_add(is_stored ? following->counts->received : following->counts->failed, 1);
	http_answer(http->request, 302, "text/plain", following->headers, slice_of("", 0));
	free(following);
}

static bool is_ahead(const struct http_request *request)
{
	static const char *const names[] = {"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"};

	if (http_is_head(request))
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *purpose = http_header(request, names[i]);

		if (purpose && (strstr(purpose, "prefetch") || strstr(purpose, "preview")))
			return true;
	}
	return false;
}

/* May this one be noted? */
static bool is_countable(struct sol_serve *serve, struct http_request *request,
			 const struct click *click)
{
	struct sol_person person;
	struct arena arena = {0};
	bool ret;

	if (serve->options.policy->clicks == CLICKS_OFF || is_ahead(request) ||
	    !sol_serve_link_allows(serve, request))
		return false;
	ret = sol_serve_read_person(serve, click->customer, &arena, &person) == 0 &&
	      person.is_known && person.preferences.clicks;
	arena_free(&arena);
	return ret;
}

/* Who presses twice within one minute of the clock has followed the link once. */
static void encode(const struct click *click, int64_t now_ms, struct buf *out)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__MessageRef message = NURTURE__V1__MESSAGE_REF__INIT;
	char id[ID_TEXT_BYTES], at[RFC3339_BYTES];

	rfc3339_text(now_ms - now_ms % MINUTE_MS, at);
	id_of_texts(id, "click", click->customer, click->message, click->link, click->url, at,
		    NULL);
	customer.id = (char *)(uintptr_t)click->customer;
	message.id = (char *)(uintptr_t)click->message;
	message.kind = (char *)(uintptr_t)click->link;
	event.id = id;
	event.type = event_type_text(EVENT_MESSAGE_CLICKED);
	event.time_ms = now_ms;
	event.customer = &customer;
	event.message = &message;
	event_encode_json(&event, out);
}

static void note(struct sol_serve *serve, const struct click *click, struct following *following)
{
	struct buf out = BUF_MAX(EVENT_MAX_BYTES);
	struct err why;

	encode(click, clock_wall_ms(), &out);
	http_waiting_add(&following->http);
	if (buf_failed(&out) || producer_send(serve->producer, serve->options.events_topic, -1,
					      slice_text(click->customer), buf_slice(&out),
					      RECORD_EVENT, following, &why) != 1)
		http_waiting_told(&following->http, false);
	buf_free(&out);
}

void sol_serve_follow(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	const char *token = http_path(request) + strlen(CLICK_PATH);
	struct following *following;
	struct click click;
	struct err why;

	if (click_token_open(&serve->options.token_keys, slice_text(token), &click, &why) < 0) {
		sol_serve_refuse(serve, request, &serve->clicks);
		return;
	}
	following = calloc(1, sizeof(*following));
	if (!following)
		abort();
	following->counts = &serve->clicks;
	memcpy(following->headers, CLICK_HEADERS, sizeof(CLICK_HEADERS));
	strcat(following->headers, click.url);
	metric_add(serve->clicks.shown, 1);
	if (!is_countable(serve, request, &click)) {
		http_answer(request, 302, "text/plain", following->headers, slice_of("", 0));
		free(following);
		return;
	}
	http_waiting_begin(&following->http, request, lead_on);
	note(serve, &click, following);
	http_waiting_told(&following->http, true);
}
