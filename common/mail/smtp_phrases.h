/*
 * smtp_phrases.h - what the phrases of mail servers mean, in SMTP answers and in
 * reports alike.  Pure.
 *
 * Codes lie: servers send 5.1.1 for a full mailbox, 5.7.1 for a user who is not
 * there, and 550 for anything.  So the phrases are asked first.  There is one table,
 * in the order in which it is asked: phrases that blame the sender stand before those
 * that blame the address, because a wrong `hard` silences a person.
 */
#ifndef NURTURE_MAIL_SMTP_PHRASES_H
#define NURTURE_MAIL_SMTP_PHRASES_H

#include "common/base/slice.h"
#include "bounce.h"

enum { PHRASES_TEXT_MAX_BYTES = 8192 };

/*
 * Writes text in lower case, with one blank between words and '?' for whatever is not
 * ASCII.  It leaves out what only names somebody or something: addresses, host
 * names (but for those of blocklists), numbers, reply codes, ids, what stands in <>, and
 * local_part ("" when it is not known) where punctuation sets it off.  The text is cut at
 * the bound.  Returns the length.
 */
size_t phrases_prepare(struct slice text, struct slice local_part,
		       char ret[PHRASES_TEXT_MAX_BYTES + 1]);

/* What a phrase is about. */
enum phrase_topic {
	PHRASE_NOTHING,
	PHRASE_SENDER,     /* who we are: names, authentication, relaying */
	PHRASE_REPUTATION, /* what others say of us: blocklists, spam, reputation */
	PHRASE_RATE,       /* how fast we come */
	PHRASE_GREYLISTED, /* the mail is taken when it comes again */
	PHRASE_CONTENT,    /* this mail */
	PHRASE_MAILBOX_FULL,
	PHRASE_TEMPORARY,
	PHRASE_NO_SUCH_USER,
	PHRASE_NO_SUCH_DOMAIN, /* the domain is not there, or takes no mail */
	PHRASE_UNREACHABLE,    /* not reached, out of order */
	PHRASE_REFUSED,        /* no, without a reason */
};

struct phrase_verdict {
	enum bounce_kind kind;
	enum phrase_topic about;
	bool is_weak;       /* counts only when the code says nothing better */
	bool is_vague;      /* "does not exist": the phrase does not say what */
	bool is_doubt;      /* counts only against a code that says HARD */
	const char *phrase; /* the phrase that fits; NULL in the table itself */
};
/*
 * Looks the first phrase of the table up that prepared (of phrases_prepare()) has.  code: what
 * the code says, or NONE.  Returns false when there is none.
 */
bool phrases_judge(const char *prepared, enum bounce_kind code, struct phrase_verdict *ret);

/* Does the text say "this is a warning only", so that the mail may arrive yet? */
bool phrases_say_delayed(const char *prepared);

#endif
