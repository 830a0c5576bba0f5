/*
 * page.h - the caught mails for a browser: / lists the last, /mail/N shows
 * one, /html/N its HTML part (in a sandbox), /raw/N the bytes; /count is a
 * number for scripts.
 */
#ifndef MAIL_CATCHER_PAGE_H
#define MAIL_CATCHER_PAGE_H

#include "common/base/text.h"
#include "common/io/http/http.h"
#include "render.h"
#include "store.h"

#define PAGE_POLICY                                                                                \
	"Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "                 \
	"frame-src 'self'; base-uri 'none'; form-action 'none'\n"                                  \
	"X-Content-Type-Options: nosniff\nCache-Control: no-store"
/* The mail's own HTML: no scripts, nothing from the network. */
#define HTML_POLICY                                                                                \
	"Content-Security-Policy: sandbox; default-src 'none'; style-src 'unsafe-inline'; "        \
	"img-src data:\nX-Content-Type-Options: nosniff\nCache-Control: no-store"

static void page_answer(struct http_request *request, const char *headers, const struct buf *page)
{
	http_answer(request, 200, "text/html; charset=utf-8", headers, buf_slice(page));
}

/* ?every=5: as often as whoever looks has asked for. */
static void page_list(void *context, struct http_request *request)
{
	struct store *store = context;
	uint64_t written = store->written, from = written > STORE_SHOWN ? written - STORE_SHOWN : 0;
	bool is_live = http_query(request, "every") != NULL;
	struct caught *last = calloc(STORE_SHOWN, sizeof(*last));
	struct buf out = BUF_MAX(1 << 20);
	size_t count = 0;

	if (!last)
		abort();
	for (uint64_t n = written; n > from; n--)
		count += store_find(store, n, &last[count]);
	render_list(last, count, written, is_live, &out);
	page_answer(request, is_live ? PAGE_POLICY "\nRefresh: 5" : PAGE_POLICY, &out);
	buf_free(&out);
	free(last);
}

/* The mail that the path names behind its last slash; answers 404 itself when there is none. */
static bool page_mail(struct store *store, struct http_request *request, struct caught *ret,
		      struct buf *mail)
{
	const char *number = strrchr(http_path(request), '/') + 1;
	int64_t n;
	struct err why;

	*mail = BUF_MAX(16 << 20);
	if (text_int64(slice_text(number), 1, INT64_MAX, &n, &why) == 0 &&
	    store_find(store, (uint64_t)n, ret) && store_read(store, ret, mail))
		return true;
	buf_free(mail);
	http_answer(request, 404, "text/plain; charset=utf-8", NULL,
		    slice_text("Not among the last 200 mails; older ones are in mails.mbox.\n"));
	return false;
}

static void page_show(void *context, struct http_request *request)
{
	struct buf mail, out = BUF_MAX(64 << 20);
	struct caught caught;

	if (!page_mail(context, request, &caught, &mail))
		return;
	render_mail(&caught, buf_slice(&mail), &out);
	page_answer(request, PAGE_POLICY, &out);
	buf_free(&mail);
	buf_free(&out);
}

static void page_html(void *context, struct http_request *request)
{
	struct buf mail, part = BUF_MAX(16 << 20);
	struct caught caught;

	if (!page_mail(context, request, &caught, &mail))
		return;
	if (mime_part(buf_slice(&mail), "text/html", 0, &part))
		http_answer(request, 200, "text/html; charset=utf-8", HTML_POLICY,
			    buf_slice(&part));
	else
		http_answer(request, 404, "text/plain; charset=utf-8", NULL,
			    slice_text("This mail has no HTML part.\n"));
	buf_free(&mail);
	buf_free(&part);
}

static void page_raw(void *context, struct http_request *request)
{
	struct caught caught;
	struct buf mail;

	if (!page_mail(context, request, &caught, &mail))
		return;
	http_answer(request, 200, "text/plain; charset=utf-8", PAGE_POLICY, buf_slice(&mail));
	buf_free(&mail);
}

static void page_count(void *context, struct http_request *request)
{
	struct store *store = context;
	char text[32];

	snprintf(text, sizeof(text), "%llu\n", (unsigned long long)store->written);
	http_answer(request, 200, "text/plain; charset=utf-8", "Cache-Control: no-store",
		    slice_text(text));
}

static const struct http_route page_routes[] = {
    {.method = "GET", .path = "/", .handler = page_list},
    {.method = "GET", .path = "/count", .handler = page_count},
    {.method = "GET", .path = "/mail/*", .handler = page_show},
    {.method = "GET", .path = "/html/*", .handler = page_html},
    {.method = "GET", .path = "/raw/*", .handler = page_raw},
    {0},
};

#endif
