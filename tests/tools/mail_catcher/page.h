/*
 * page.h - the caught mails for a browser: / lists the last, /mail/N shows
 * one, /html/N its HTML part (in a sandbox), /raw/N the bytes; /count is a
 * number for scripts.
 */
#ifndef MAIL_CATCHER_PAGE_H
#define MAIL_CATCHER_PAGE_H

#include "common/base/civil.h"
#include "common/template/html.h"
#include "common/base/text.h"
#include "common/io/http/http.h"
#include "store.h"

#define PAGE_POLICY                                                                                \
	"Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "                 \
	"frame-src 'self'; base-uri 'none'; form-action 'none'\n"                                  \
	"X-Content-Type-Options: nosniff\nCache-Control: no-store"
/* The mail's own HTML: no scripts, nothing from the network. */
#define HTML_POLICY                                                                                \
	"Content-Security-Policy: sandbox; default-src 'none'; style-src 'unsafe-inline'; "        \
	"img-src data:\nX-Content-Type-Options: nosniff\nCache-Control: no-store"

static const char page_head[] =
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport "
    "content=\"width=device-width\"><title>Caught mails</title><style>"
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;"
    "margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884}"
    "td:first-child{font-variant-numeric:tabular-nums}pre{white-space:pre-wrap;"
    "overflow-wrap:anywhere;background:#8881;padding:1rem}iframe{width:100%;height:40rem;"
    "border:1px solid #8884;background:#fff}</style>";

static void put_cell(struct buf *out, const char *text)
{
	buf_text(out, "<td>");
	html_slice(out, slice_text(text));
}

static void page_list(void *context, struct http_request *request)
{
	struct store *store = context;
	uint64_t written = store->written, from = written > STORE_SHOWN ? written - STORE_SHOWN : 0;
	struct buf out = BUF_MAX(1 << 20);
	char time[RFC3339_BYTES];
	struct caught caught;

	buf_text(&out, page_head);
	buf_printf(&out,
		   "<meta http-equiv=refresh content=5><h1>%llu caught</h1><table><tr><th>"
		   "<th>received<th>to<th>subject",
		   (unsigned long long)written);
	for (uint64_t n = written; n > from; n--) {
		if (!store_find(store, n, &caught))
			continue;
		buf_printf(&out, "<tr><td>%llu", (unsigned long long)n);
		put_cell(&out, rfc3339_text(caught.received_ms, time));
		put_cell(&out, caught.to);
		buf_printf(&out, "<td><a href=\"/mail/%llu\">", (unsigned long long)n);
		html_slice(&out, slice_text(*caught.subject ? caught.subject : "(none)"));
		buf_text(&out, "</a>");
	}
	buf_text(&out, "</table>");
	http_answer(request, 200, "text/html; charset=utf-8", PAGE_POLICY, buf_slice(&out));
	buf_free(&out);
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
	struct buf mail, out = BUF_MAX(64 << 20), part = BUF_MAX(16 << 20);
	struct caught caught;

	if (!page_mail(context, request, &caught, &mail))
		return;
	buf_printf(&out, "%s<p><a href=\"/\">all</a><h1>", page_head);
	html_slice(&out, slice_text(caught.subject));
	buf_text(&out, "</h1><p>From ");
	html_slice(&out, slice_text(caught.from));
	buf_text(&out, "<br>To ");
	html_slice(&out, slice_text(caught.to));
	if (mime_part(buf_slice(&mail), "text/plain", 0, &part)) {
		buf_text(&out, "<h2>Text</h2><pre>");
		html_slice(&out, buf_slice(&part));
		buf_text(&out, "</pre>");
	}
	buf_reset(&part);
	if (mime_part(buf_slice(&mail), "text/html", 0, &part))
		buf_printf(&out,
			   "<h2>HTML</h2><iframe sandbox title=\"HTML part\" src=\"/html/%llu\">"
			   "</iframe>",
			   (unsigned long long)caught.n);
	buf_printf(&out, "<h2>Source</h2><p><a href=\"/raw/%llu\">%zu bytes</a><pre>",
		   (unsigned long long)caught.n, caught.bytes);
	html_slice(&out, buf_slice(&mail));
	buf_text(&out, "</pre>");
	http_answer(request, 200, "text/html; charset=utf-8", PAGE_POLICY, buf_slice(&out));
	buf_free(&mail);
	buf_free(&out);
	buf_free(&part);
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
