/*
 * links.h - links by which somebody signs in: each once, for a quarter of an hour, and only in the
 * browser that asked.  Pure: time and chance are arguments.
 *
 * A link says nothing; what it is for is kept here, by its hash, and goes with the process.  So a
 * link works at the instance that has sent it, and none works twice.
 */
#ifndef NURTURE_CONSOLE_WHO_LINKS_H
#define NURTURE_CONSOLE_WHO_LINKS_H

#include "staff.h"

/* The cookie by which the browser is known that asked. */
#define CON_ASKED_COOKIE "__Host-nurture-console-asked"
#define CON_LINK_LIFE_MS (15 * INT64_C(60000))

enum {
	CON_LINKS_MAX = 256, /* one more ends the oldest */
	CON_SECRET_BYTES = 32,
	CON_SECRET_TEXT_BYTES = 44, /* in base64url, with its NUL */
	CON_HASH_BYTES = 32,
};

struct con_link {
	uint8_t link[CON_HASH_BYTES], browser[CON_HASH_BYTES];
	char address[CON_WHO_MAX_BYTES + 1];
	int64_t ends_ms; /* 0: none */
};
struct con_links { /* all 0: none */
	struct con_link items[CON_LINKS_MAX];
};

/* Of two secrets, as text: that of the link, that of the browser's cookie. */
void con_links_add(struct con_links *links, struct slice link, struct slice browser,
		   const char *address, int64_t now_ms);
/* Uses a link up: whose it was, or false. */
bool con_links_use(struct con_links *links, struct slice link, struct slice browser, int64_t now_ms,
		   char ret_address[CON_WHO_MAX_BYTES + 1]);

#endif
