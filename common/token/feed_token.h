/*
 * feed_token.h - the secret in the address of a team's calendar of tasks (docs/desk.md).  Pure.
 *
 *	/tasks/OWNER/SECRET.ics
 *
 * Whoever has the address may read the calendar: calendar programs can present nothing else.
 */
#ifndef NURTURE_TOKEN_FEED_TOKEN_H
#define NURTURE_TOKEN_FEED_TOKEN_H

#include <stdbool.h>

#include "token_keys.h"

enum { FEED_TOKEN_BYTES = 26 + 1 }; /* base32 of 16 bytes, with its NUL */

/* owner: at most 200 bytes. */
void feed_token_write(struct slice key, const char *owner, char ret[FEED_TOKEN_BYTES]);
/* Was it made with any of the keys? */
bool feed_token_is_good(const struct token_keys *keys, const char *owner, struct slice token);

#endif
