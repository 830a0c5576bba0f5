/* page_names.h - which names each page's template may show.  Pure. */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_NAMES_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_NAMES_H

#include "common/web/site.h"

/* The words of the catalogue ("words.save") are not among them. */
extern const struct web_names sol_page_names[];
extern const size_t sol_page_name_count;

#endif
