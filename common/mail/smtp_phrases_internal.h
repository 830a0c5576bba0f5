/* smtp_phrases_internal.h - the table of words.h; for words*.c alone. */
#ifndef NURTURE_MAIL_SMTP_PHRASES_INTERNAL_H
#define NURTURE_MAIL_SMTP_PHRASES_INTERNAL_H

#include "smtp_phrases.h"

/*
 * A phrase stands for whole words; with '*' behind it also for the beginning
 * of longer ones.  "'" also fits a '?', which is what is left of U+2019.
 */
struct phrase_group {
	struct words_verdict verdict;
	const char *const *phrases; /* ends with NULL */
};

/* Each ends with NULL. Of words_sender.c: */
extern const char *const words_sender[];
extern const char *const words_listed[];
extern const char *const words_haste[];
extern const char *const words_grey[];
extern const char *const words_size[];
extern const char *const words_content[];
extern const char *const words_haste_of_something[];
extern const char *const words_blocked_for[];
extern const char *const words_doubts[];
/* Of words_address.c: */
extern const char *const words_full[];
extern const char *const words_not_now[];
extern const char *const words_nobody[];
extern const char *const words_nobody_vaguely[];
extern const char *const words_nobody_elsewhere[];
extern const char *const words_no_place[];
extern const char *const words_loop[];
extern const char *const words_come_back[];
extern const char *const words_unreached[];
extern const char *const words_weak_gone[];
extern const char *const words_weak_refused[];

/* In the order in which they are asked. */
extern const struct phrase_group phrase_groups[]; /* ends with NULL phrases */

#endif
