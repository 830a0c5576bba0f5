/* site.h - the console's pages and words (deploy/pages/console, deploy/words/console).  Pure. */
#ifndef NURTURE_CONSOLE_PAGES_SITE_H
#define NURTURE_CONSOLE_PAGES_SITE_H

#include "common/web/site.h"

/* Whole; web_site_close() it whatever happens. */
int con_site_open(struct web_site *ret, struct err *err);

#endif
