/* words_internal.h - the table of words.h; for words.c and words_phrases.c alone. */
#ifndef NURTURE_MAIL_WORDS_INTERNAL_H
#define NURTURE_MAIL_WORDS_INTERNAL_H

#include "bounce.h"

struct phrase_group {
	enum bounce_kind kind;
	bool is_weak;
	const char *const *phrases; /* ends with NULL */
};
extern const struct phrase_group phrase_groups[]; /* ends with NULL phrases */

#endif
