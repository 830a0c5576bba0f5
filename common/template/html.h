/* html.h - text into HTML, where it can be nothing but text. */
#ifndef NURTURE_TEMPLATE_HTML_H
#define NURTURE_TEMPLATE_HTML_H

#include "common/base/buf.h"

/* Escapes & < > " ': safe between tags and inside quoted attributes. */
void html_slice(struct buf *out, struct slice text);

#endif
