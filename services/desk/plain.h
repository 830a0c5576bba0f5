/*
 * plain.h - words of others, fit to stand in a text that people read in a chat or a mail.  Pure.
 *
 * Chats take markup out of texts: "<!channel>" calls everybody, "<http://x|y>" and "[y](http://x)"
 * hide where a link leads, "@here" calls whoever is there.  What a customer has typed as a name must
 * be able to do none of that, nor begin a line of its own, nor turn the rest of it around.
 */
#ifndef NURTURE_DESK_PLAIN_H
#define NURTURE_DESK_PLAIN_H

#include "common/base/arena.h"

enum { DSK_PLAIN_MAX_BYTES = 200, DSK_NAME_MAX_BYTES = 80 };

/*
 * Of an id or a team: without markup, controls, what turns text around, and a '@' or '#' that begins
 * a word; blanks become one.  At most DSK_PLAIN_MAX_BYTES.  The text must be UTF-8.
 */
char *dsk_plain(const char *text, struct arena *arena);
/* Of a name, besides: nothing in it looks like an address of the web.  DSK_NAME_MAX_BYTES. */
char *dsk_plain_name(const char *name, struct arena *arena);

/*
 * Where the console shows a task: "" without the console's address, and for an id that could not
 * stand in one.
 */
const char *dsk_task_url(const char *console_url, const char *task, struct arena *arena);

#endif
