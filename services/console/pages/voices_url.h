/*
 * voices_url.h - what of customers' words is asked for, in the address of the page.  Pure.
 *
 *	/voices?q=COVER&tag=&score=&product=&kind=&state=&source=&of=COVER&sort=&before=
 *
 * The words and the person are covered (who/cover.h), so that an address says nothing of a customer
 * and opens nothing for another; the rest are words of the shop's own.
 */
#ifndef NURTURE_CONSOLE_PAGES_VOICES_URL_H
#define NURTURE_CONSOLE_PAGES_VOICES_URL_H

#include "common/token/token_keys.h"
#include "page.h"
#include "services/console/view/voices.h"

#define CON_VOICES_PATH "/voices"

/* As they were written; "" for what was not. */
struct con_voices_asked {
	const char *words, *customer; /* not covered */
	const char *tag, *score, *product, *kind, *state, *source, *sort;
	int64_t before; /* VIEW_FROM_NEWEST */
};

/* What a parameter says: NULL or "" for none; from http_query() or from a form. */
typedef const char *(*con_parameter)(void *context, const char *name);

/*
 * Reads them all.  False: one is none of ours - too long, a cover for another, no score.
 * is_covered: the words are as the page's own addresses have them; else as somebody typed them.
 */
bool con_voices_read(con_parameter get, void *context, bool is_covered,
		     const struct token_keys *keys, const char *viewer, struct arena *arena,
		     struct con_voices_asked *ret);
struct view_wanted con_voices_wanted(const struct con_voices_asked *asked);
/* The address of the page that shows it. */
const char *con_voices_url(const struct con_page *page, const struct con_voices_asked *asked,
			   struct arena *arena);
/* Is it an address that con_voices_url() may have made?  Other sites and line ends are not. */
bool con_voices_is_url(const char *path);

#endif
