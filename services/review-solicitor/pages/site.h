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

#include "common/web/site.h"

/* Our own pages and words; web_site_close() it whatever happens. */
int sol_site_begin(struct web_site *ret, struct err *err);
/*
 * After the last of the shop's files: every page shows only what it knows,
 * every piece and every word of sol_words is there.
 */
int sol_site_end(struct web_site *site, struct err *err);

/* Whole; pages_directory and words_directory: the shop's, or "".  ERR_CONFIG says file and line. */
int sol_site_open(struct web_site *ret, const char *pages_directory, const char *words_directory,
		  struct err *err);
/* On stderr, a line for each word that a language has not and says in English. */
void sol_site_print_missing(const struct web_site *site);

#endif
