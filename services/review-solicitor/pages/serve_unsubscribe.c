/*
 * serve_unsubscribe.c - the link at the end of every mail that needs consent.
 *
 * Opening it asks; only a POST says it (mail scanners open every link).  A
 * mail program's own button posts "List-Unsubscribe=One-Click" (RFC 8058),
 * the page's button nothing or "from=all": whatever a body holds besides,
 * who posts with a token of ours wants no more.
 */
#include <string.h>

#include "common/io/process/clock.h"
#include "common/token/unsubscribe_token.h"
#include "serve_internal.h"

/* Reads whom and what the link in the path is about. False: the request is answered. */
static bool admit(struct sol_serve *serve, struct http_request *request, struct unsubscribe *ret)
{
	const char *token = http_path(request) + strlen(SOL_UNSUBSCRIBE_PATH);
	struct err why;

	if (unsubscribe_token_open(&serve->options.token_keys, slice_text(token), ret, &why) == 0)
		return true;
	sol_serve_refuse(serve, request, &serve->unsubscribes);
	return false;
}

/* The link to the person's own page, for everybody who may unsubscribe. */
static void make_preferences(const struct sol_serve *serve, const struct unsubscribe *from,
			     char ret[UNSUBSCRIBE_TOKEN_BYTES])
{
	struct err why;

	/* This never fails: key, customer and class made a token before. */
	if (preferences_token_make(serve->options.token_keys.now, slice_text(from->customer),
				   slice_text(from->message_class), slice_text(from->inbox), ret,
				   &why) < 0)
		ret[0] = '\0';
}

void sol_serve_ask_unsubscribe(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	char preferences[UNSUBSCRIBE_TOKEN_BYTES];
	struct unsubscribe from;

	if (admit(serve, request, &from)) {
		struct sol_page page = {serve->options.site, serve->options.policy,
					sol_serve_language_of(serve, request, "", from.customer),
					&out};

		metric_add(serve->unsubscribes.shown, 1);
		make_preferences(serve, &from, preferences);
		sol_page_unsubscribe(&page, from.message_class, preferences);
		sol_serve_answer(serve, request, 200, &out);
	}
	buf_free(&out);
}

/* Reads the fields of the page's form; the body of a mail program need not be a form at all. */
static void read_form(struct slice body, struct arena *arena, bool *ret_all, const char **ret_lang)
{
	struct form_fields fields;
	const char *from = "";
	struct err why;

	*ret_lang = "";
	if (form_fields_parse(body, arena, &fields, &why) < 0 ||
	    form_field_once(&fields, "from", &from, &why) < 0 ||
	    form_field_once(&fields, "lang", ret_lang, &why) < 0)
		*ret_lang = "";
	*ret_all = strcmp(from, "all") == 0;
}

void sol_serve_unsubscribe(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	struct buf out = BUF_MAX(SOL_PAGE_MAX_BYTES);
	struct sol_page page = {
	    .site = serve->options.site, .policy = serve->options.policy, .out = &out};
	char preferences[UNSUBSCRIBE_TOKEN_BYTES];
	struct sol_events events = {0};
	struct arena arena = {0};
	struct unsubscribe from;
	const char *lang;
	bool from_all;

	if (admit(serve, request, &from) &&
	    sol_serve_may(serve, request, false, &serve->unsubscribes)) {
		read_form(http_body(request), &arena, &from_all, &lang);
		/* No state is asked for: unsubscribing must work when nothing else does. */
		page.language = sol_serve_language(serve, request, lang, "");
		make_preferences(serve, &from, preferences);
		sol_page_unsubscribed(&page, preferences);
		/* Without a class all are meant. */
		sol_unsubscribe_event(from.customer, from_all ? "" : from.message_class, from.inbox,
				      clock_wall_ms(), &events);
		sol_serve_publish(serve, request, from.customer, &events, &serve->unsubscribes,
				  &page);
	}
	sol_events_free(&events);
	arena_free(&arena);
	buf_free(&out);
}
