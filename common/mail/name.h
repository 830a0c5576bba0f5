/*
 * name.h - how a person may be greeted.  Pure.
 *
 * Names come from forms that anybody fills in, and a mail that repeats them is
 * read as ours: what is no name greets nobody.  Better no name than a wrong
 * one, so whatever could be read in two ways greets nobody either.
 */
#ifndef NURTURE_MAIL_NAME_H
#define NURTURE_MAIL_NAME_H

#include <stdbool.h>

#include "common/base/slice.h"

enum { NAME_SHOWN_MAX_BYTES = 200, NAME_FIRST_MAX_BYTES = 80, NAME_WORDS_MAX = 10 };

/*
 * The name without the blanks around it; empty when it must not stand in a
 * mail: links, addresses, markup, characters that cannot be seen or turn the
 * text around, sentences, placeholders ("N/A", "test"), more than 200 bytes.
 */
struct slice name_shown(struct slice name);

/*
 * The first name in it, a part of it as it is written: "Dr. Ann Archer",
 * "Archer, Ann", "van der Sar, Edwin".  Empty where there is none: "Mr & Mrs
 * Archer", "Dr Archer", "A. Archer", "Archer Ltd".  A single word is taken for
 * it.  Where the family comes first (Chinese, Japanese, Korean) it is the
 * whole name.
 */
struct slice name_first(struct slice name);

#endif
