/* render.h - the pages of caught mails as HTML, from deploy/pages/tools.  Pure. */
#ifndef MAIL_CATCHER_RENDER_H
#define MAIL_CATCHER_RENDER_H

#include "common/base/civil.h"
#include "common/template/page_set.h"
#include "mime.h"
#include "store.h"

#define PAGES "deploy/pages/tools/"

/* caught: the last ones, newest first, of all that were written. */
static inline void render_list(const struct caught *caught, size_t count, uint64_t written,
			       bool is_live, struct buf *out)
{
	struct arena arena = {0};
	struct model page = model_object(&arena), mails = model_list(&arena);
	char time[RFC3339_BYTES];

	for (size_t i = 0; i < count; i++) {
		struct model mail = model_object(&arena);

		model_printf(&mail, "number", "%llu", (unsigned long long)caught[i].n);
		model_text(&mail, "received",
			   arena_text(&arena, rfc3339_text(caught[i].received_ms, time)));
		model_text(&mail, "to", caught[i].to);
		model_text(&mail, "subject", *caught[i].subject ? caught[i].subject : "(none)");
		model_add(&mails, "", &mail);
	}
	model_printf(&page, "written", "%llu", (unsigned long long)written);
	model_flag(&page, "is_live", is_live);
	model_add(&page, "mails", &mails);
	page_render_embedded(PAGES, "caught", &page, out);
	arena_free(&arena);
}

/* mail: its bytes, as they came. */
static inline void render_mail(const struct caught *caught, struct slice mail, struct buf *out)
{
	struct buf text = BUF_MAX(16 << 20), html = BUF_MAX(16 << 20);
	struct arena arena = {0};
	struct model page = model_object(&arena);

	model_printf(&page, "number", "%llu", (unsigned long long)caught->n);
	model_printf(&page, "bytes", "%zu", caught->bytes);
	model_text(&page, "subject", *caught->subject ? caught->subject : "(none)");
	model_text(&page, "from", caught->from);
	model_text(&page, "to", caught->to);
	if (mime_part(mail, "text/plain", 0, &text))
		model_slice(&page, "text", buf_slice(&text));
	model_flag(&page, "html", mime_part(mail, "text/html", 0, &html));
	model_slice(&page, "source", mail);
	page_render_embedded(PAGES, "caught-mail", &page, out);
	arena_free(&arena);
	buf_free(&text);
	buf_free(&html);
}

#endif
