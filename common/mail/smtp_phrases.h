/*
 * smtp_phrases.h - what the words of mail servers mean, in SMTP answers and in
 * reports alike.  Pure.
 *
 * Codes lie: 5.1.1 is said of a full mailbox, 5.7.1 of a user who is not
 * there, 550 of anything.  So the words are asked first.  There is one table,
 * in the order in which it is asked: what blames the sender stands before what
 * blames the address, because a wrong `hard` silences a person.
 */
#ifndef NURTURE_MAIL_SMTP_PHRASES_H
#define NURTURE_MAIL_SMTP_PHRASES_H

#include "common/base/slice.h"
#include "bounce.h"

enum { WORDS_TEXT_MAX_BYTES = 8192 };

/*
 * text in lower case, with one blank between words and '?' for whatever is not
 * ASCII.  Left out is what only names somebody or something: addresses, host
 * names, numbers, reply codes, ids, what stands in <>, and local_part where
 * punctuation sets it off ("" when it is not known).  Of host names those of
 * blocklists stay.  The text is cut at the bound.  Returns the length.
 */
size_t words_prepare(struct slice text, struct slice local_part,
		     char ret[WORDS_TEXT_MAX_BYTES + 1]);

/* What the words are about. */
enum words_about {
	WORDS_NOTHING,
	WORDS_SENDER,  /* who we are: names, authentication, relaying */
	WORDS_LISTED,  /* what others say of us: blocklists, spam, reputation */
	WORDS_HASTE,   /* how fast we come */
	WORDS_GREY,    /* who comes back is let in */
	WORDS_CONTENT, /* this mail */
	WORDS_FULL,
	WORDS_NOT_NOW,
	WORDS_NOBODY,
	WORDS_NO_PLACE, /* the domain is not there, or takes no mail */
	WORDS_WAY,      /* not reached, out of order */
	WORDS_REFUSED,  /* no, without a reason */
};

struct words_verdict {
	enum bounce_kind kind;
	enum words_about about;
	bool is_weak;       /* only for who has no better code */
	bool is_vague;      /* "does not exist", but what does not? */
	bool is_doubt;      /* only against a code that says HARD */
	const char *phrase; /* of the table: the one that fits; in the table itself NULL */
};
/*
 * prepared: of words_prepare(); code: what the code says, or NONE.  False when
 * no phrase of the table is in it.
 */
bool words_judge(const char *prepared, enum bounce_kind code, struct words_verdict *ret);

/* "this is a warning only": the mail may arrive yet. */
bool words_say_delayed(const char *prepared);

#endif
