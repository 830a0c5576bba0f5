/*
 * serve_unsubscribe.c - the link at the end of every mail that needs consent.
 *
 * Opening it asks; only a POST says it (mail scanners open every link).  A
 * mail program's own button posts "List-Unsubscribe=One-Click" (RFC 8058),
 * the page's button nothing or "from=all": whatever a body holds besides,
 * who posts with a token of ours wants no more.
 */
#include <string.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/io/clock.h"
#include "common/wire/event.h"
#include "common/wire/unsubscribe_token.h"
#include "page.h"
#include "serve_private.h"

/* Whom and what the link in the path is about, or false: then the request is answered. */
static bool admit(struct sol_serve *serve, struct http_request *request, struct unsubscribe *ret)
{
	const char *token = http_path(request) + strlen(SOL_UNSUBSCRIBE_PATH);
	struct err why;

	if (unsubscribe_token_open(serve->options.token_key, slice_text(token), ret, &why) == 0)
		return true;
	metric_add(serve->unsubscribes.refused, 1);
	sol_serve_answer(serve, request, 404, &serve->unknown);
	return false;
}

void sol_serve_ask_unsubscribe(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	struct buf page = BUF_MAX(SOL_PAGE_MAX_BYTES);
	struct unsubscribe from;

	if (admit(serve, request, &from)) {
		metric_add(serve->unsubscribes.shown, 1);
		sol_page_unsubscribe(serve->options.policy, from.message_class, &page);
		sol_serve_answer(serve, request, 200, &page);
	}
	buf_free(&page);
}

/*
 * The token never changes, and who has agreed again meanwhile may leave again:
 * so the time is part of the id.  A repeat finds consent withdrawn already.
 */
static void encode(const struct unsubscribe *from, const char *message_class, int64_t now_ms,
		   struct buf *out)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__MessageRef message = NURTURE__V1__MESSAGE_REF__INIT;
	char id[ID_TEXT_BYTES], at[RFC3339_BYTES];

	id_of_texts(id, "unsubscribe-page", from->customer, message_class, rfc3339_text(now_ms, at),
		    NULL);
	customer.id = (char *)from->customer;
	message.message_class = (char *)message_class;
	event.id = id;
	event.type = "message.unsubscribed";
	event.time_ms = now_ms;
	event.customer = &customer;
	event.message = &message;
	event_encode_json(&event, out);
}

void sol_serve_unsubscribe(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	struct buf event = BUF_MAX(EVENT_MAX_BYTES);
	struct unsubscribe from;
	bool from_all;

	if (admit(serve, request, &from)) {
		/* Without a class all are meant. */
		from_all = slice_equal(http_body(request), slice_text("from=all"));
		encode(&from, from_all ? "" : from.message_class, clock_wall_ms(), &event);
		sol_serve_publish(serve, request, from.customer, &event, &serve->unsubscribes,
				  &serve->unsubscribed);
	}
	buf_free(&event);
}
