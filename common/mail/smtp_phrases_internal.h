/* smtp_phrases_internal.h - the table of smtp_phrases.h; for smtp_phrases*.c alone. */
#ifndef NURTURE_MAIL_SMTP_PHRASES_INTERNAL_H
#define NURTURE_MAIL_SMTP_PHRASES_INTERNAL_H

#include "smtp_phrases.h"

/*
 * A phrase fits whole words; with '*' behind it, it also fits the beginning
 * of longer ones.  "'" also fits a '?', since U+2019 becomes one.
 */
struct phrase_group {
	struct phrase_verdict verdict;
	const char *const *phrases; /* ends with NULL */
};

/* Each ends with NULL. Of smtp_phrases_sender.c: */
extern const char *const phrases_sender[];
extern const char *const phrases_reputation[];
extern const char *const phrases_rate[];
extern const char *const phrases_greylisted[];
extern const char *const phrases_size[];
extern const char *const phrases_content[];
extern const char *const phrases_rate_of_something[];
extern const char *const phrases_blocked_for[];
extern const char *const phrases_doubts[];
/* Of smtp_phrases_address.c: */
extern const char *const phrases_mailbox_full[];
extern const char *const phrases_temporary[];
extern const char *const phrases_no_such_user[];
extern const char *const phrases_no_such_user_vaguely[];
extern const char *const phrases_no_such_user_elsewhere[];
extern const char *const phrases_no_such_domain[];
extern const char *const phrases_loop[];
extern const char *const phrases_come_back[];
extern const char *const phrases_unreachable[];
extern const char *const phrases_weak_gone[];
extern const char *const phrases_weak_refused[];

/* In the order in which they are asked. */
extern const struct phrase_group phrase_groups[]; /* ends with NULL phrases */

#endif
