/*
 * site.h - what the pages of a service are made of: their templates, their words in each language,
 * and the headers that go with each of them.  Pure.
 *
 * Both come from folders of embedded.h.  A service may put files of a shop over them between
 * web_site_begin() and web_site_end(), which checks the whole.
 */
#ifndef NURTURE_WEB_SITE_H
#define NURTURE_WEB_SITE_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/template/page_set.h"
#include "common/template/words.h"

struct web_site {
	struct page_set *pages;
	struct words *words;
	struct arena arena;
	const char *headers; /* that go with each page, for http_answer() */
};

/* The names that the template of a page may show, with blanks between them; page "": all pages. */
struct web_names {
	const char *page, *names;
};

/* What must be true of a site when it is whole. */
struct web_rules {
	const struct web_names *names;
	size_t name_count;
	const char *const *keys; /* the words that the service itself chooses */
	size_t key_count;
	const char *english; /* the file that should have them: "deploy/words/en.yaml" */
	const char
	    *headers; /* besides the Content-Security-Policy: "Referrer-Policy: no-referrer" */
};

/* Our own pages and words; close it whatever happens.  Folders end with a slash. */
int web_site_begin(struct web_site *ret, const char *pages_folder, const char *words_folder,
		   struct err *err);
/*
 * Every page shows only what its rules name and the words of the catalogue ("words.save"), all
 * pieces and all words that the service chooses are there.  Makes the headers: the
 * Content-Security-Policy allows the style (the piece "_style") and, where a site has one, the
 * script (the piece "_script") by their hashes, so nothing else can be slipped in.
 */
int web_site_end(struct web_site *site, const struct web_rules *rules, struct err *err);
void web_site_close(struct web_site *site);

#endif
