/*
 * words.h - what the diagnostic texts of mail servers mean.  Pure.
 *
 * Codes lie: 5.1.1 is said of a full mailbox, 5.7.1 of a user who is not
 * there, 550 of anything.  So the words are asked first.  One table, in the
 * order in which it is asked: what blames the sender stands before what blames
 * the address, because a wrong `hard` silences a person.
 */
#ifndef NURTURE_MAIL_WORDS_H
#define NURTURE_MAIL_WORDS_H

#include "../base/slice.h"
#include "bounce.h"

enum { WORDS_TEXT_MAX_BYTES = 8192 };

/*
 * text in lower case, with one blank between words, without addresses and
 * reply codes, of URLs the host (the rest is not about this mail); cut.
 * Returns the length.
 */
size_t words_prepare(struct slice text, char ret[WORDS_TEXT_MAX_BYTES + 1]);

struct words_verdict {
	enum bounce_kind kind;
	bool is_weak; /* only for who has no better code */
};
/* prepared: of words_prepare(). False when no phrase of the table is in it. */
bool words_judge(const char *prepared, struct words_verdict *ret);

/* "this is a warning only": the mail may arrive yet. */
bool words_say_delayed(const char *prepared);

#endif
