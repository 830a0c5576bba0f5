/*
 * inbox.h - the id of an inbox, made of its address.  Pure.
 *
 * At the door it is a customer id: guests and accounts of a shop are the same person when the shop
 * says so by key=email; files of orders and the shop's doors must then come to the same id.  At the
 * exit it is the key of what goes to the inbox, whatever ids are behind it.  No address can be read
 * from it.
 */
#ifndef NURTURE_MAIL_INBOX_H
#define NURTURE_MAIL_INBOX_H

#include <stdbool.h>

#include "common/base/slice.h"

enum { INBOX_KEY_BYTES = sizeof("email:") + 20 };

/*
 * "email:" and the first 20 hexadecimal digits of the SHA-256 of the address without blanks around
 * it, in lower case, its local part in NFC, its domain in A-labels (address_add_plain()). False when
 * it is no address.
 */
bool inbox_key(struct slice address, char ret[INBOX_KEY_BYTES]);

/* Is it a key that inbox_key() makes? */
bool inbox_is_key(struct slice text);
/* The key of an address; where it is no address, the customer is alone with it. room: for the key. */
struct slice inbox_or(struct slice address, struct slice customer, char room[INBOX_KEY_BYTES]);

#endif
