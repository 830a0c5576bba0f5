/* serve_visit.c - one request: who sends it, what it may do, and its answer. */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "common/base/encoding.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "serve_internal.h"
#include "services/console/who/cover.h"
#include "services/console/who/session.h"

#define HTML "text/html; charset=utf-8"
#define LANGUAGE_COOKIE "nurture-console-lang"

enum { NOTED_MAX_BYTES = 800 }; /* of ids in one line of the log, which cuts at 4096 */

void con_random(uint8_t *bytes, size_t len)
{
	if (getrandom(bytes, len, 0) != (ssize_t)len)
		abort(); /* at most 256 bytes, and the machine has started long ago */
}

static void take_header(void *context, struct slice name, struct slice value)
{
	con_headers_take(context, name, value);
}

/* The language that was chosen before, or "". */
static const char *chosen_language(struct con_visit *visit)
{
	struct slice value;

	if (!con_cookie_find(visit->headers.values[CON_HEADER_COOKIE], LANGUAGE_COOKIE, &value))
		return "";
	return arena_copy(&visit->arena, value.bytes, value.len);
}

static unsigned find_language(struct con_visit *visit)
{
	const struct web_site *site = visit->pages->options.site;
	const char *asked = http_query(visit->request, "lang");
	unsigned language = web_language(
	    site,
	    &(struct web_languages){.asked = asked,
				    .own = chosen_language(visit),
				    .accepted = http_header(visit->request, "Accept-Language")});

	if (asked)
		visit->cookie = arena_printf(&visit->arena,
					     "Set-Cookie: " LANGUAGE_COOKIE "=%s" CON_COOKIE_RULES,
					     words_tag(site->words, language));
	return language;
}

/* What the form before this page did: only a word of ours comes back. */
static const char *what_was_said(const struct con_visit *visit)
{
	const char *said = http_query(visit->request, "said");
	enum con_action action = said ? con_action_of(said) : CON_ACTION_COUNT;

	return action == CON_ACTION_COUNT ? "" : con_action_text(action);
}

void con_visit_begin(struct con_visit *visit, struct con_pages *pages, struct http_request *request)
{
	const struct view_state state = view_get_state(pages->options.view);
	uint8_t form[CON_FORM_ID_BYTES];

	*visit = (struct con_visit){.pages = pages, .request = request, .wall_ms = clock_wall_ms()};
	visit->out = BUF_MAX(CON_PAGE_MAX_BYTES);
	http_each_header(request, take_header, &visit->headers);
	con_random(form, sizeof(form));
	base16_write(form, sizeof(form), visit->form);
	visit->page = (struct con_page){.site = pages->options.site,
					.policy = pages->options.policy,
					.language = find_language(visit),
					.key = pages->options.who->keys.now,
					.now_ms = view_now_ms(&state, visit->wall_ms),
					.form = visit->form,
					.said = what_was_said(visit),
					.view = state,
					.out = &visit->out};
}

void con_visit_end(struct con_visit *visit)
{
	buf_free(&visit->out);
	arena_free(&visit->arena);
}

void con_visit_answer(struct con_visit *visit, int status, const char *more)
{
	struct con_pages *pages = visit->pages;
	const char *headers = pages->options.site->headers;

	metric_add(status < 400 ? pages->shown : status < 500 ? pages->refused : pages->failed, 1);
	headers =
	    arena_printf(&visit->arena, "%s%s%s%s%s", headers, visit->cookie ? "\n" : "",
			 visit->cookie ? visit->cookie : "", more ? "\n" : "", more ? more : "");
	if (buf_failed(&visit->out))
		http_refuse(visit->request, 500, "too_large", "the page does not fit", NULL);
	else
		http_answer(visit->request, status, HTML, headers, buf_slice(&visit->out));
}

void con_visit_plain(struct con_visit *visit, int status, const char *page)
{
	buf_reset(&visit->out);
	con_page_plain(&visit->page, page);
	con_visit_answer(visit, status, status == 503 ? "Retry-After: 5" : NULL);
}

void con_visit_redirect(struct con_visit *visit, const char *path, const char *more)
{
	buf_reset(&visit->out);
	con_visit_answer(visit, 303,
			 arena_printf(&visit->arena, "Location: %s%s%s", path, more ? "\n" : "",
				      more ? more : ""));
}

const char *con_visit_person_url(struct con_visit *visit, const char *id)
{
	char cover[CON_COVER_BYTES];

	con_cover_make(visit->page.key, visit->who.address, id, cover);
	return arena_printf(&visit->arena, CON_PEOPLE_PATH "%s", cover);
}

void con_visit_broken(struct con_visit *visit, const struct err *why)
{
	log_event(LOG_LEVEL_ERROR, "view_failed", "why", why->text, NULL);
	con_visit_plain(visit, 503, "unavailable");
}

bool con_visit_begin_reading(struct con_visit *visit, struct view_reader **ret)
{
	struct err err;

	if (view_begin(visit->pages->options.view, ret, &err) == 0)
		return true;
	con_visit_broken(visit, &err);
	return false;
}

void con_visit_note_look(const struct con_visit *visit, const char *customer, bool is_found)
{
	log_record("person_looked_at", "by", visit->who.address, "customer", customer, "found",
		   is_found ? "yes" : "no", NULL);
}

/* From *at on as many ids as a line of the log holds, whatever is escaped in them; moves *at. */
static const char *take_ids(const char *const *ids, size_t count, size_t *at, struct arena *arena)
{
	const char *taken = "";

	for (size_t len = 0; *at < count; ++*at) {
		len += strlen(ids[*at]) + 1;
		if (*taken && len > NOTED_MAX_BYTES)
			break;
		taken = arena_printf(arena, "%s%s%s", taken, *taken ? " " : "", ids[*at]);
	}
	return taken;
}

void con_visit_note_found(const struct con_visit *visit, const struct view_people *people)
{
	const char *ids[CON_FOUND_MAX];
	struct arena arena = {0};
	size_t at = 0;

	for (size_t i = 0; i < people->count; i++)
		ids[i] = people->items[i].id;
	do
		log_record("people_searched", "by", visit->who.address, "found",
			   log_number((int64_t)people->count), "customers",
			   take_ids(ids, people->count, &at, &arena), NULL);
	while (at < people->count);
	arena_free(&arena);
}

static void add_id(const char **ids, size_t *count, const char *id)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(ids[i], id) == 0)
			return;
	ids[(*count)++] = id;
}

void con_visit_note_listed(const struct con_visit *visit, const struct con_today *today)
{
	const char *ids[CON_TODAY_TASKS + 2 * CON_TODAY_MOMENTS];
	struct arena arena = {0};
	size_t count = 0, at = 0;

	for (size_t i = 0; i < today->tasks.count; i++)
		add_id(ids, &count, today->tasks.items[i].task->customer);
	for (size_t i = 0; i < today->low_count; i++)
		add_id(ids, &count, today->low[i].moment.customer);
	for (size_t i = 0; i < today->escalated_count; i++)
		add_id(ids, &count, today->escalated[i].moment.customer);
	while (at < count)
		log_record("people_listed", "by", visit->who.address, "customers",
			   take_ids(ids, count, &at, &arena), NULL);
	arena_free(&arena);
}

void con_visit_note_voices(const struct con_visit *visit, const struct view_items *items)
{
	struct arena arena = {0};
	const char **ids = arena_alloc(&arena, (items->count + 1) * sizeof(*ids));
	size_t count = 0, at = 0;

	for (size_t i = 0; i < items->count; i++)
		add_id(ids, &count, items->items[i].person);
	while (at < count)
		log_record("people_listed", "by", visit->who.address, "customers",
			   take_ids(ids, count, &at, &arena), NULL);
	arena_free(&arena);
}

static void refuse_sign_in(struct con_visit *visit, const char *why, const char *page)
{
	log_event(LOG_LEVEL_WARN, "sign_in_refused", "why", why, "by", visit->who.address, NULL);
	con_visit_plain(visit, 403, page);
}

bool con_visit_find_session(struct con_visit *visit, struct con_session *ret)
{
	struct con_pages *pages = visit->pages;
	struct con_place place;
	struct slice cookie;

	if (!pages->sign_outs || con_headers_twice(&visit->headers, CON_HEADER_COOKIE) ||
	    !con_cookie_find(visit->headers.values[CON_HEADER_COOKIE], CON_SESSION_COOKIE, &cookie))
		return false;
	place = con_sign_outs_place(pages->sign_outs);
	return con_session_open(&pages->options.who->keys, &place, cookie, visit->wall_ms, ret) &&
	       !con_sign_outs_has(pages->sign_outs, ret);
}

/* Whom a cookie of ours names, if the list still has the address. */
static bool has_session(struct con_visit *visit)
{
	struct con_session session;

	if (!con_visit_find_session(visit, &session))
		return false;
	visit->who = con_staff_identify(&visit->pages->options.who->staff,
					slice_text(session.address), slice_text(""));
	visit->page.can_sign_out = true;
	return visit->who.role != CON_NOBODY;
}

/* By the proxy's word: false when it is answered. */
static bool enter_by_proxy(struct con_visit *visit)
{
	const struct con_headers *headers = &visit->headers;

	visit->who =
	    con_staff_identify(&visit->pages->options.who->staff, headers->values[CON_HEADER_EMAIL],
			       headers->values[CON_HEADER_GROUPS]);
	if (visit->who.role != CON_NOBODY)
		return true;
	visit->page.who = &visit->who;
	refuse_sign_in(visit, "stranger", "stranger");
	return false;
}

static bool enter(struct con_visit *visit)
{
	enum con_proxy_word word = con_proxy_judge(&visit->pages->options.who->proxy,
						   http_peer(visit->request), &visit->headers);

	if (word == CON_PROXY_TRUE)
		return enter_by_proxy(visit);
	if (word != CON_PROXY_SILENT) {
		refuse_sign_in(visit, con_proxy_text(word), "outside");
		return false;
	}
	if (has_session(visit))
		return true;
	if (visit->pages->mailer)
		con_visit_redirect(visit, "/sign-in", NULL);
	else
		con_visit_plain(visit, 403, "outside");
	return false;
}

bool con_visit_is_own(struct con_visit *visit)
{
	if (con_headers_same_origin(&visit->headers))
		return true;
	log_event(LOG_LEVEL_WARN, "form_refused", "why", "origin", NULL);
	con_visit_plain(visit, 403, "outside");
	return false;
}

bool con_visit_may(struct con_visit *visit, enum con_action action)
{
	if (con_may(visit->who.role, action))
		return true;
	log_event(LOG_LEVEL_WARN, "action_refused", "by", visit->who.address, "role",
		  con_role_text(visit->who.role), "action",
		  action < CON_ACTION_COUNT ? con_action_text(action) : "unknown", NULL);
	con_visit_plain(visit, 403, "refused");
	return false;
}

bool con_visit_enter(struct con_visit *visit, enum con_action action)
{
	if (!enter(visit))
		return false;
	visit->page.who = &visit->who;
	return con_visit_may(visit, action);
}
