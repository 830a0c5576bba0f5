/* page.h - what all pages of a site have in common: a language, and how one is rendered.  Pure. */
#ifndef NURTURE_WEB_PAGE_H
#define NURTURE_WEB_PAGE_H

#include "common/base/buf.h"
#include "common/template/model.h"
#include "site.h"

/* What a visitor may say of the language, what counts most first.  Any may be NULL or "". */
struct web_languages {
	const char *form, *asked, *own; /* tags: of the form, of the address, of the person */
	const char *accepted;           /* of the browser: Accept-Language */
};
/* The first of them that the site has, else English. */
unsigned web_language(const struct web_site *site, const struct web_languages *said);

/* The values of every page: language, and other_languages {tag own_name}. */
struct model web_model_begin(const struct web_site *site, unsigned language, struct arena *arena);
/* Adds the words, filled from the values, and renders.  out fails when the page does not fit. */
void web_render(const struct web_site *site, unsigned language, const char *name,
		struct model *model, struct buf *out);

#endif
