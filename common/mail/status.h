/*
 * status.h - enhanced status codes (RFC 3463) and SMTP replies (RFC 5321 4.2)
 * in what mail servers write, and what a refusal means for the address.  Pure.
 */
#ifndef NURTURE_MAIL_STATUS_H
#define NURTURE_MAIL_STATUS_H

#include "common/base/slice.h"
#include "bounce.h"
#include "smtp_phrases.h"

/* The first x.y.z of class 2, 4 or 5 that is no address of the internet. */
bool status_find(struct slice text, char ret[BOUNCE_STATUS_BYTES]);
/* The first reply code of 400 to 559 that stands for itself; 0: none. */
int status_reply(struct slice text);

/* Does the code alone say that the address takes no mail? */
bool status_is_hard(const char *status);

/*
 * What a server says of a mail: to us over SMTP, or to another server whose
 * report came back.  Both are judged here, so that both have the same effect.
 */
enum refusal_stage {
	/* not known, unless the text says so: "(in reply to MAIL FROM command)" */
	REFUSAL_SOMEWHERE,
	REFUSAL_BEFORE_RCPT, /* the recipient had not been named: it says nothing of him */
	REFUSAL_AT_RCPT,
	REFUSAL_AFTER_DATA, /* of the mail as well */
};

struct refusal {
	const char *status; /* "5.1.1", or "" */
	int reply;          /* 550; 0: none */
	struct slice text;
	const char *recipient; /* the address, whose name is no word of the answer; "": not known */
	enum refusal_stage stage;
};

/* kind is NONE only for what was delivered (2.y.z). */
struct refusal_verdict {
	enum bounce_kind kind;
	enum phrase_topic about; /* NOTHING: no words decided, but the code or nothing at all */
	const char *phrase;      /* of the table, that decided; NULL: none */
};
struct refusal_verdict refusal_judge(const struct refusal *refusal);

#endif
