/*
 * words.h - texts of a state as numbers: 0 is "", then those that everybody knows
 * (known_words.h), then the state's own.  Pure.
 *
 * The names of a policy (classes, programmes, categories, rules) stand in a state many times, and
 * the policy may rename or drop them while the state lives.  So a number stands for a text, never
 * for a place in the policy's tables, and the state carries the texts that not everybody knows.
 */
#ifndef NURTURE_MESSAGE_WORDS_H
#define NURTURE_MESSAGE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/slice.h"

enum {
	/* Above so many own words a writer begins anew: most of them may be of what has gone. */
	WORDS_MANY = 48,
	/*
	 * With so many a writer keeps what would bring many more as texts: each word is looked for
	 * among all.  A reader takes any number, which the size of a state bounds.
	 */
	WORDS_ENOUGH = 4096,
};

struct words {
	char **own; /* own[i] has the number KNOWN_WORD_LAST + 1 + i */
	size_t count, room;
	struct arena *arena; /* where more room comes from */
};

/* The texts are borrowed. */
struct words words_of(char **own, size_t count, struct arena *arena);
/* NULL: nobody knows the number. */
const char *words_text(const struct words *words, uint64_t number);
/* The number of a text that everybody knows; 0: of "", and of any other text. */
uint32_t words_known_number(const char *text);
/* The number of a text, which is added (borrowed) when it is new; "" has 0. */
uint32_t words_number(struct words *words, const char *text);

/*
 * Ids are 32 hexadecimal digits, nearly always: 16 bytes.  words_id_bytes() is false when the text
 * is another one.
 */
enum { WORDS_ID_BYTES = 16 };
bool words_id_bytes(const char *text, uint8_t ret[WORDS_ID_BYTES]);
/* The text of so many bytes, in the arena. */
char *words_id_text(const uint8_t bytes[WORDS_ID_BYTES], struct arena *arena);

#endif
