/*
 * words.h - what pages say, in each language: a catalogue of texts by key.
 * Pure.
 *
 * A language is one file, "de.yaml": a mapping of keys to texts, and of
 * "own-name" to what its speakers call it.  The first file that is added
 * defines which keys there are; it is English.  {name} in a text is where a
 * value goes, and a translation has the same ones.  A text that a language has
 * not is said in English.
 */
#ifndef NURTURE_TEMPLATE_WORDS_H
#define NURTURE_TEMPLATE_WORDS_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/slice.h"
#include "model.h"

enum {
	WORDS_LANGUAGES_MAX = 64,
	WORDS_FILE_MAX_BYTES = 256 * 1024,
	WORDS_ENGLISH = 0, /* the first language */
};

struct words;

struct words *words_new(void);
void words_free(struct words *words); /* NULL-safe */

/*
 * One file, whose text is copied.  path is for messages, file is "de.yaml".  A
 * language that is there already takes over the texts that the file has.
 * ERR_CONFIG with file and line for a key that English has not, a key that
 * stands twice, or places for values that are not those of the English text.
 */
int words_add(struct words *words, const char *path, const char *file, struct slice text,
	      struct err *err);
/* Our own files in a folder of embedded.h ("deploy/words/"), without its sub-folders; English first. */
int words_add_embedded(struct words *words, const char *folder, struct err *err);

unsigned words_languages(const struct words *words);
/* "de", and "Deutsch". */
const char *words_tag(const struct words *words, unsigned language);
const char *words_own_name(const struct words *words, unsigned language);
/* The language that serves a tag such as "de-AT"; false when there is none. */
bool words_find(const struct words *words, struct slice tag, unsigned *ret);
/* Of an Accept-Language (RFC 9110 12.5.4) the most wanted that there is. */
bool words_accepted(const struct words *words, struct slice header, unsigned *ret);

bool words_has(const struct words *words, struct slice key);
/* In English where the language has no text of its own; "" for an unknown key. */
const char *words_say(const struct words *words, unsigned language, const char *key);
/* The next key from *at (begin with 0) that a language has not; NULL after the last. */
const char *words_next_missing(const struct words *words, unsigned language, size_t *at);

/* A text with its {name}s filled from values; others stay as they are.  The arena's. */
const char *words_fill(const char *text, const struct model *values, struct arena *arena);
/* Adds an object "words" of all texts to a page's values, filled from these values. */
void words_put(const struct words *words, unsigned language, struct model *page);

#endif
