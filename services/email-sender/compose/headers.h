/*
 * headers.h - who a mail is from and to, and its header (RFC 5322).  Pure.
 *
 * Everything that a shop, a customer or a topic wrote goes through address.c
 * or mime.c, or is checked here: nothing of it can become a header or command.
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_HEADERS_H
#define NURTURE_EMAIL_SENDER_COMPOSE_HEADERS_H

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/policy/policy.h"
#include "common/token/return_token.h"
#include "common/mail/address.h"
#include "nurture/v1/delivery.pb-c.h"
#include "provider.h"

struct envelope {
	struct address shop, from, reply_to, to;
	struct slice from_name, reply_name, to_name; /* readable, or empty */
	bool needs_utf8;                             /* one of the addresses does */
	bool has_reply_to;
	bool has_sender; /* From is of another domain than the shop's: Sender says who sends */
	char return_path[RETURN_LOCAL_BYTES + HOST_NAME_BYTES]; /* of MAIL FROM */
	char return_local[RETURN_LOCAL_BYTES];                  /* of our own return path */
	char return_token[RETURN_TOKEN_BYTES];                  /* "": nobody brings it back */
	enum mail_provider provider;
};

struct envelope_options {
	const struct shop *shop;
	const char *bounce_domain; /* in A-labels; NULL or "": bounces go to the shop's address */
	struct slice token_key;
	struct slice customer; /* whom a bounce is about */
	enum mail_provider provider;
};

/* Fills the envelope; names are borrowed from dispatch and shop. */
int envelope_fill(const struct envelope_options *options, const Nurture__V1__DeliveryEffect *effect,
		  struct envelope *ret, struct err *err);

/*
 * Appends the whole header with the empty line behind it.  unsubscribe: a URL, or "" for mail that
 * nobody can unsubscribe from, a notice (RFC 3834).
 */
void headers_write(const struct envelope *envelope, const struct shop *shop,
		   const Nurture__V1__DeliveryEffect *effect, struct slice subject,
		   const char *unsubscribe, struct buf *out);

/* Returns the text, or "" when people cannot read it: what came over a topic may be anything. */
struct slice readable(struct slice text);

#endif
