/* words_internal.h - the catalogue, for words*.c. */
#ifndef NURTURE_TEMPLATE_WORDS_INTERNAL_H
#define NURTURE_TEMPLATE_WORDS_INTERNAL_H

#include "words.h"

enum { WORDS_KEYS_MAX = 1024 };

struct words_language {
	const char *tag, *own_name;
	const char *texts[WORDS_KEYS_MAX]; /* by key; NULL: none */
};

struct words {
	struct arena arena;
	const char *keys[WORDS_KEYS_MAX];
	size_t key_count;
	struct words_language *languages[WORDS_LANGUAGES_MAX];
	unsigned language_count;
};

/* The index of a key, or -1. */
int words_key(const struct words *words, struct slice key);
/* The next {name} of a text: its name and where it begins and ends; false: there is none. */
bool words_next_place(const char *text, struct slice *ret_name, const char **ret_from,
		      const char **ret_to);

#endif
