/*
 * bounce.h - what a mail server, a provider or a person's software says about
 * a mail of ours.  Pure.
 *
 * Reads delivery status notifications (RFC 3464, 6533), abuse reports (RFC
 * 5965) and what older and stranger systems write in prose (qmail's QSBMF,
 * Exim, Sendmail, Exchange, Domino, the big providers); automatic replies (RFC
 * 3834) are recognised as no bounce.  Nothing fails: what says nothing is NONE.
 */
#ifndef NURTURE_MAIL_BOUNCE_H
#define NURTURE_MAIL_BOUNCE_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/slice.h"
#include "common/token/return_token.h"

/*
 * HARD: the address takes no mail.  SOFT: not now (full, unreachable).  POLICY:
 * refused because of the sender, the mail or how fast they come; says nothing
 * of the person.  COMPLAINT: the person called it spam.
 */
/* clang-format off */
#define BOUNCE_KINDS(X)                                                                            \
	X(NONE, "none")                                                                            \
	X(HARD, "hard")                                                                            \
	X(SOFT, "soft")                                                                            \
	X(POLICY, "policy")                                                                        \
	X(COMPLAINT, "complaint")
/* clang-format on */
enum bounce_kind {
#define X(name, text) BOUNCE_##name,
	BOUNCE_KINDS(X)
#undef X
};
const char *bounce_kind_text(enum bounce_kind kind);

/* What was read; of NONE: why it is none. */
/* clang-format off */
#define BOUNCE_FORMS(X)                                                                            \
	X(UNKNOWN, "no bounce")                                                                    \
	X(DSN, "delivery status")                                                                  \
	X(ARF, "abuse report")                                                                     \
	X(FREEFORM, "prose")                                                                       \
	X(AUTO_REPLY, "automatic reply")                                                           \
	X(DELAY, "delayed, not given up")                                                          \
	X(DELIVERED, "delivered")                                                                  \
	X(WEBHOOK, "webhook")
/* clang-format on */
enum bounce_form {
#define X(name, text) BOUNCE_FORM_##name,
	BOUNCE_FORMS(X)
#undef X
};
const char *bounce_form_text(enum bounce_form form);

enum { BOUNCE_STATUS_BYTES = 12, BOUNCE_RECIPIENT_BYTES = 256, BOUNCE_TEXT_BYTES = 301 };

struct bounce {
	enum bounce_kind kind;
	enum bounce_form form;
	char status[BOUNCE_STATUS_BYTES];       /* "5.1.1" (RFC 3463), or "" */
	char recipient[BOUNCE_RECIPIENT_BYTES]; /* or "" */
	char text[BOUNCE_TEXT_BYTES];           /* what the server said, one line of UTF-8 */
	const char
	    *phrase; /* of smtp_phrases.h's table, when words decided on the kind; else NULL */
};

void bounce_read(struct slice mail, struct arena *arena, struct bounce *ret);

/*
 * The bounce's owner, the customer whose mail came back: the first return token in it that one
 * of the keys has signed, wherever it stands; one that names the customer is better.  Returns
 * false when there is none.
 */
bool bounce_owner(struct slice mail, const struct token_keys *keys, struct arena *arena,
		  struct return_token *ret);

#endif
