/*
 * unsubscribe_token.h - the secret part of the links at the foot of a mail: to
 * unsubscribe, and to one's own preferences.
 *
 * v1.BASE64URL(length of customer, customer, class).BASE64URL(HMAC-SHA256,
 * 16 bytes).  It never expires (RFC 8058 says nothing of an end, and mail is
 * kept for years; who loses a key loses its links), and it is good for
 * nothing else: the tag is over a purpose of its own, so that one of these is
 * none of the others.  Pure.
 */
#ifndef NURTURE_TOKEN_UNSUBSCRIBE_TOKEN_H
#define NURTURE_TOKEN_UNSUBSCRIBE_TOKEN_H

#include "common/base/err.h"
#include "common/base/slice.h"
#include "token_keys.h"

enum {
	UNSUBSCRIBE_CUSTOMER_MAX_BYTES = 200,
	UNSUBSCRIBE_CLASS_MAX_BYTES = 100,
	UNSUBSCRIBE_TOKEN_BYTES = 440, /* the longest, with its NUL */
	UNSUBSCRIBE_KEY_MIN_BYTES = 16,
};

/* -1 when the key is too short, or customer or class is empty or too long. */
int unsubscribe_token_make(struct slice key, struct slice customer, struct slice message_class,
			   char ret[UNSUBSCRIBE_TOKEN_BYTES], struct err *err);

struct unsubscribe {
	char customer[UNSUBSCRIBE_CUSTOMER_MAX_BYTES + 1];
	char message_class[UNSUBSCRIBE_CLASS_MAX_BYTES + 1];
};

/* Whom and what a token is about; -1 for any that was made with none of the keys. Constant time. */
int unsubscribe_token_open(const struct token_keys *keys, struct slice token,
			   struct unsubscribe *ret, struct err *err);

/* The same for the page of preferences; the class is that of the mail it stands in. */
int preferences_token_make(struct slice key, struct slice customer, struct slice message_class,
			   char ret[UNSUBSCRIBE_TOKEN_BYTES], struct err *err);
int preferences_token_open(const struct token_keys *keys, struct slice token,
			   struct unsubscribe *ret, struct err *err);

#endif
