/*
 * counted_links.h - leads the links of a mail through the shop's own pages, where a click is counted.
 *
 * Only what an <a href> of the HTML part leads to outside: addresses of http and https that are not
 * under shop.public_url.  All else stays byte for byte as its template says: the text part, mailto:,
 * comments, links that are too long for a token.  Pure.
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_COUNTED_LINKS_H
#define NURTURE_EMAIL_SENDER_COMPOSE_COUNTED_LINKS_H

#include "common/base/buf.h"
#include "common/base/slice.h"

struct counted_links {
	struct slice token_key;
	const char *base;      /* shop.public_url, which is a proper URL */
	const char *message;   /* the mail's id */
	struct slice customer; /* whose click it will be */
};

/*
 * Appends the HTML with its links led through base/c/TOKEN (common/token/click_token.h).  A link is
 * called what its attribute data-link says, else its host and path.
 */
void counted_links_write(const struct counted_links *links, struct slice html, struct buf *out);

#endif
