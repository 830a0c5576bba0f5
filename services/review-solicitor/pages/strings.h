/*
 * strings.h - what the pages say, in each language.  Pure.
 *
 * A language is a line of SOL_LANGUAGES and a column of SOL_WORDS: one that is
 * forgotten does not compile.  %s in a text is where a value goes.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_STRINGS_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_STRINGS_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/civil.h"
#include "common/base/slice.h"
#include "strings_table.h"

#define SOL_LANGUAGES(X)                                                                           \
	X(EN, "en", "English")                                                                     \
	X(DE, "de", "Deutsch")

enum sol_language {
#define X(name, tag, own_name) SOL_##name,
	SOL_LANGUAGES(X)
#undef X
	    SOL_LANGUAGE_COUNT
};

enum sol_word {
#define X(name, ...) SOL_SAY_##name,
	SOL_WORDS(X)
#undef X
	    SOL_WORD_COUNT
};

/* "de", and what its speakers call it. */
const char *sol_language_tag(enum sol_language language);
const char *sol_language_name(enum sol_language language);
/* The language that serves a tag such as "de-AT"; false when there is none. */
bool sol_language_find(struct slice tag, enum sol_language *ret);
/* Of an Accept-Language (RFC 9110 12.5.4) the most wanted that there is. */
bool sol_language_accepted(struct slice header, enum sol_language *ret);

const char *sol_say(enum sol_language language, enum sol_word word);
/* Escaped for HTML, with value for its %s; value may be NULL when there is none. */
void sol_add_said(struct buf *out, enum sol_language language, enum sol_word word,
		  const char *value);
/* "3 December 2026", "3. Dezember 2026". */
void sol_add_date(struct buf *out, enum sol_language language, struct civil_date date);

#endif
