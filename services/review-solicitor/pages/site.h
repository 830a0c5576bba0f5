/*
 * site.h - what the pages are made of: their templates and their words, ours
 * with the shop's over them.  Pure, but for sol_site_open(), which reads
 * files, and sol_site_print_missing().
 *
 * Ours are compiled in (deploy/pages, deploy/words).  A shop's directory may
 * hold any of them, changed; what it has not is ours.  docs/pages.md has the
 * rules.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_SITE_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_SITE_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/template/page_set.h"
#include "common/template/words.h"

struct sol_site {
	struct page_set *pages;
	struct words *words;
	struct arena arena;
	const char *headers; /* that go with each page, for http_answer() */
};

/* Our own pages and words; close it whatever happens. */
int sol_site_begin(struct sol_site *ret, struct err *err);
/*
 * After the last of the shop's files: every page shows only what it knows,
 * every piece and every word of sol_words is there.  Makes the headers: the
 * Content-Security-Policy has the hash of the style, so nothing else can be
 * slipped in.
 */
int sol_site_end(struct sol_site *site, struct err *err);
void sol_site_close(struct sol_site *site);

/* Whole; pages_directory and words_directory: the shop's, or "".  ERR_CONFIG says file and line. */
int sol_site_open(struct sol_site *ret, const char *pages_directory, const char *words_directory,
		  struct err *err);
/* On stderr, a line for each word that a language has not and says in English. */
void sol_site_print_missing(const struct sol_site *site);

#endif
