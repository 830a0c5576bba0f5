/*
 * unsubscribe_token.h - the secret part of the links at the foot of a mail: to
 * unsubscribe, and to one's own preferences.
 *
 * v2.BASE64URL(length of customer, customer, length of inbox, inbox, class).
 * BASE64URL(HMAC-SHA256, 16 bytes); v1, without inbox, stands in older mails and
 * where there is none.  It never expires (RFC 8058 says nothing of an end, and mail is
 * kept for years; who loses a key loses its links).  The purpose is signed with
 * it, so that a token of one kind does not pass for one of another.  Pure.
 */
#ifndef NURTURE_TOKEN_UNSUBSCRIBE_TOKEN_H
#define NURTURE_TOKEN_UNSUBSCRIBE_TOKEN_H

#include "common/base/err.h"
#include "common/base/slice.h"
#include "token_keys.h"

enum {
	UNSUBSCRIBE_CUSTOMER_MAX_BYTES = 200,
	UNSUBSCRIBE_CLASS_MAX_BYTES = 100,
	UNSUBSCRIBE_INBOX_MAX_BYTES = 32,
	UNSUBSCRIBE_TOKEN_BYTES = 476, /* the longest, with its NUL */
	UNSUBSCRIBE_KEY_MIN_BYTES = 16,
};

/* The mail in which the link stands. */
struct unsubscribe {
	char customer[UNSUBSCRIBE_CUSTOMER_MAX_BYTES + 1];
	char message_class[UNSUBSCRIBE_CLASS_MAX_BYTES + 1];
	char inbox[UNSUBSCRIBE_INBOX_MAX_BYTES + 1]; /* the key of where it went; "": not known */
};

/*
 * Makes a token; inbox may be empty. -1: the key is too short, customer or class is empty, or one of
 * the three too long.
 */
int unsubscribe_token_make(struct slice key, struct slice customer, struct slice message_class,
			   struct slice inbox, char ret[UNSUBSCRIBE_TOKEN_BYTES], struct err *err);

/*
 * Reads whom and what a token is about, in constant time; -1 for any that was made with none of
 * the keys.
 */
int unsubscribe_token_open(const struct token_keys *keys, struct slice token,
			   struct unsubscribe *ret, struct err *err);

/* Both do the same for the preferences page; the class is that of the mail with the link. */
int preferences_token_make(struct slice key, struct slice customer, struct slice message_class,
			   struct slice inbox, char ret[UNSUBSCRIBE_TOKEN_BYTES], struct err *err);
int preferences_token_open(const struct token_keys *keys, struct slice token,
			   struct unsubscribe *ret, struct err *err);

#endif
