/* page_names.h - which names each page's template may show.  Pure. */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_NAMES_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_NAMES_H

#include <stdbool.h>

#include "common/base/slice.h"

/* The words of the catalogue ("words.save") are not among them. */
bool sol_page_knows(const char *page, struct slice name);

#endif
