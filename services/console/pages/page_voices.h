/* page_voices.h - the page of what customers said (deploy/pages/console/voices.mustache).  Pure. */
#ifndef NURTURE_CONSOLE_PAGES_PAGE_VOICES_H
#define NURTURE_CONSOLE_PAGES_PAGE_VOICES_H

#include "voices_url.h"

enum { CON_VOICES_ITEMS = 40 }; /* on one page */

/* What was written into the form of what support was told. */
struct con_draft {
	bool is_open;
	const char *who, *kind, *words, *order, *sku;
	int score; /* 0: none */
};
#define CON_NO_DRAFT {.who = "", .kind = "praise", .words = "", .order = "", .sku = ""}

struct con_voices {
	struct con_voices_asked asked;
	struct view_items items;
	struct view_facets facets;
	struct con_draft draft;
	const char *notice; /* the key of a word, or NULL */
};
void con_page_voices(const struct con_page *page, const struct con_voices *voices);

#endif
