/*
 * inbox.h - the customer id that an address alone gives: one inbox, one person.  Pure.
 *
 * Guests and accounts of a shop are the same person when the shop says so by key=email; files of
 * orders and the shop's doors must then come to the same id.
 */
#ifndef NURTURE_MAIL_INBOX_H
#define NURTURE_MAIL_INBOX_H

#include <stdbool.h>

#include "common/base/slice.h"

enum { INBOX_KEY_BYTES = sizeof("email:") + 20 };

/*
 * "email:" and the first 20 hexadecimal digits of the SHA-256 of the address without blanks around
 * it, in lower case, its domain in A-labels. False when it is no address.
 */
bool inbox_key(struct slice address, char ret[INBOX_KEY_BYTES]);

#endif
