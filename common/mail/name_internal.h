/* name_internal.h - the words that are no first names; for name*.c alone. */
#ifndef NURTURE_MAIL_NAME_INTERNAL_H
#define NURTURE_MAIL_NAME_INTERNAL_H

#include "name.h"

enum name_word {
	NAME_PLAIN,
	NAME_TITLE,    /* "Dr", "Frau" */
	NAME_RANK,     /* a title only before two more words: "Captain Ann Archer" */
	NAME_DEGREE,   /* "PhD", "Jr", "III": behind a name */
	NAME_SUBJECT,  /* "med", "rer", "nat": behind a title */
	NAME_PARTICLE, /* "van", "de": a family's name goes on */
	NAME_JOINT,    /* "&", "und": two people */
	NAME_BETWEEN,  /* "y", "e": two people, or two family names */
	NAME_NOBODY,   /* "Family", "test" at the beginning: no person */
	NAME_FIRM,     /* "Ltd" at the end */
};

/* word is without the punctuation around it; dots and hyphens in it are not looked at. */
enum name_word name_word(struct slice word);

/* A particle that is no first name either, also with a capital: "De", but not "Van" or "Al". */
bool name_is_never_given(struct slice particle);

/* Words that are no name when they are all that there is. */
bool name_is_placeholder(struct slice name);

#endif
