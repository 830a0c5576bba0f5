/* serve_sign_in.c - signing in by a mailed link, and out again. */
#include "common/base/encoding.h"
#include "common/base/text.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "form.h"
#include "page_model.h"
#include "serve_internal.h"
#include "services/console/who/letter.h"
#include "services/console/who/session.h"

enum { ASKED_S = 15 * 60 };

static void make_secret(char ret[CON_SECRET_TEXT_BYTES])
{
	uint8_t bytes[CON_SECRET_BYTES];

	con_random(bytes, sizeof(bytes));
	base64url_write(bytes, sizeof(bytes), ret);
}

/* Pages for those who are not signed in are there when links are mailed. */
static bool is_open(struct con_visit *visit)
{
	if (visit->pages->mailer)
		return true;
	con_visit_plain(visit, 404, "unknown");
	return false;
}

void con_on_sign_in_form(void *context, struct http_request *request)
{
	struct con_visit visit;

	con_visit_begin(&visit, context, request);
	if (is_open(&visit))
		con_visit_plain(&visit, 200, "sign-in");
	con_visit_end(&visit);
}

static void write_letter(struct con_visit *visit, const char *to, const char *link, struct buf *out)
{
	const struct con_page *page = &visit->page;
	struct model values = model_object(&visit->arena);
	char id[CON_SECRET_TEXT_BYTES];

	make_secret(id);
	model_text(&values, "shop", page->policy->shop.name);
	con_letter_write(
	    &(struct con_letter){
		.policy = page->policy,
		.to = to,
		.subject = words_fill(con_say(page, "sign-in-subject"), &values, &visit->arena),
		.text = arena_printf(
		    &visit->arena, "%s\n\n%s\n%s%s%s\n\n%s\n",
		    words_fill(con_say(page, "sign-in-mail-why"), &values, &visit->arena),
		    con_say(page, "sign-in-mail-how"), visit->pages->options.who->url,
		    CON_SIGN_IN_PATH, link, con_say(page, "sign-in-mail-not")),
		.id = id,
		.now_ms = visit->wall_ms},
	    out);
}

/* Is it an address of the list that has not been written to just now? */
static bool may_write(struct con_pages *pages, const char *address)
{
	int64_t wait_us;

	return con_staff_knows(&pages->options.who->staff, slice_text(address)) &&
	       rate_table_take(pages->by_address, slice_text(address), clock_monotonic_ms() * 1000,
			       &wait_us);
}

/*
 * The same is done and answered whether the list has the address or not, but for what goes to the
 * mailer's thread.  Asking is not bounded by peer: behind a proxy all are one, and whoever asks
 * without end would keep the others out.
 */
static void send_link(struct con_visit *visit, const char *address)
{
	struct con_pages *pages = visit->pages;
	char link[CON_SECRET_TEXT_BYTES], browser[CON_SECRET_TEXT_BYTES];
	struct buf letter = BUF_MAX(CON_LETTER_MAX_BYTES);

	make_secret(link);
	make_secret(browser);
	write_letter(visit, address, link, &letter);
	if (!buf_failed(&letter) && may_write(pages, address)) {
		pthread_mutex_lock(&pages->lock);
		con_links_add(&pages->links, slice_text(link), slice_text(browser), address,
			      visit->wall_ms);
		pthread_mutex_unlock(&pages->lock);
		if (!con_mailer_put(pages->mailer, address, buf_slice(&letter)))
			log_event(LOG_LEVEL_ERROR, "sign_in_mail_failed", "why",
				  "too many wait already", NULL);
	}
	buf_free(&letter);
	con_page_plain(&visit->page, "sign-in-sent");
	con_visit_answer(visit, 200,
			 arena_printf(&visit->arena,
				      "Set-Cookie: " CON_ASKED_COOKIE "=%s" CON_COOKIE_RULES
				      "; Max-Age=%d",
				      browser, ASKED_S));
}

static const char *lower(const char *text, struct arena *arena)
{
	char *copy = arena_text(arena, text);

	for (char *c = copy; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + ('a' - 'A'));
	return copy;
}

void con_on_sign_in(void *context, struct http_request *request)
{
	struct con_visit visit;
	const char *address;
	struct err err;

	con_visit_begin(&visit, context, request);
	if (is_open(&visit) && con_visit_is_own(&visit)) {
		if (con_form_field(http_body(request), "address", &visit.arena, &address, &err) <
			0 ||
		    strlen(address) > CON_WHO_MAX_BYTES || !text_is_email(slice_text(address)))
			con_visit_plain(&visit, 400, "unreadable");
		else
			send_link(&visit, lower(address, &visit.arena));
	}
	con_visit_end(&visit);
}

/* Opening a link signs nobody in: mail scanners open them all. */
void con_on_link(void *context, struct http_request *request)
{
	struct con_visit visit;

	con_visit_begin(&visit, context, request);
	if (is_open(&visit))
		con_visit_plain(&visit, 200, "sign-in-link");
	con_visit_end(&visit);
}

static bool use_link(struct con_visit *visit, char ret_address[CON_WHO_MAX_BYTES + 1])
{
	const char *link = http_path(visit->request) + strlen(CON_SIGN_IN_PATH);
	struct con_pages *pages = visit->pages;
	struct slice browser;
	bool is_good;

	if (!con_cookie_find(visit->headers.values[CON_HEADER_COOKIE], CON_ASKED_COOKIE, &browser))
		return false;
	pthread_mutex_lock(&pages->lock);
	is_good =
	    con_links_use(&pages->links, slice_text(link), browser, visit->wall_ms, ret_address);
	pthread_mutex_unlock(&pages->lock);
	return is_good;
}

static void begin_session(struct con_visit *visit, const char *address)
{
	struct con_place place = con_sign_outs_place(visit->pages->sign_outs);
	struct con_session session = {.ends_ms = visit->wall_ms + CON_SESSION_LIFE_MS};
	char text[CON_SESSION_BYTES];

	con_random(session.id, sizeof(session.id));
	memcpy(session.address, address, strlen(address) + 1);
	con_session_make(visit->page.key, &place, &session, text);
	con_visit_redirect(visit, "/",
			   arena_printf(&visit->arena,
					"Set-Cookie: " CON_SESSION_COOKIE "=%s" CON_COOKIE_RULES
					"; Max-Age=%d\nSet-Cookie: " CON_ASKED_COOKIE
					"=" CON_COOKIE_RULES "; Max-Age=0",
					text, (int)(CON_SESSION_LIFE_MS / SECOND_MS)));
}

void con_on_link_used(void *context, struct http_request *request)
{
	char address[CON_WHO_MAX_BYTES + 1];
	struct con_visit visit;

	con_visit_begin(&visit, context, request);
	if (is_open(&visit) && con_visit_is_own(&visit)) {
		if (!use_link(&visit, address)) {
			log_event(LOG_LEVEL_WARN, "sign_in_refused", "why", "link", NULL);
			con_visit_plain(&visit, 403, "sign-in-stale");
		} else {
			log_event(LOG_LEVEL_INFO, "signed_in", "by", address, NULL);
			begin_session(&visit, address);
		}
	}
	con_visit_end(&visit);
}

/* What the browser, or whoever has copied it from there, still has is worth nothing from now on. */
static void end_session(struct con_visit *visit)
{
	struct con_session session;
	struct err err;

	if (!con_visit_find_session(visit, &session))
		return;
	log_event(LOG_LEVEL_INFO, "signed_out", "by", session.address, NULL);
	if (con_sign_outs_add(visit->pages->sign_outs, &session, visit->wall_ms, &err) < 0)
		log_event(LOG_LEVEL_ERROR, "sign_out_not_kept", "why", err.text, NULL);
}

void con_on_sign_out(void *context, struct http_request *request)
{
	struct con_visit visit;

	con_visit_begin(&visit, context, request);
	if (is_open(&visit) && con_visit_is_own(&visit)) {
		end_session(&visit);
		con_visit_redirect(&visit, "/sign-in",
				   "Set-Cookie: " CON_SESSION_COOKIE "=" CON_COOKIE_RULES
				   "; Max-Age=0");
	}
	con_visit_end(&visit);
}
