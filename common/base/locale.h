/*
 * locale.h - which of several languages a person is served in.
 *
 * Tags are BCP 47 as people and systems write them: "de-AT", "de_AT", "DE".
 * The lookup is RFC 4647 section 3.4: de-AT, then de, then whatever is there
 * without a language.
 */
#ifndef NURTURE_BASE_LOCALE_H
#define NURTURE_BASE_LOCALE_H

#include <stdbool.h>

#include "slice.h"

enum { LOCALE_MAX_BYTES = 35 };

/* A language of 2 or 3 letters and further subtags: "de", "zh-Hant-TW", "de_AT". */
bool locale_is_tag(struct slice text);

/* The same tag, whatever its capitals and with '_' for '-'. */
bool locale_equal(struct slice a, struct slice b);

/* The next less particular tag ("zh-Hant-TW", "zh-Hant", "zh", ""), and "" for what is no tag. */
struct slice locale_wider(struct slice tag);

#endif
