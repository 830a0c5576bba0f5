/*
 * point.h - characters of Unicode by what a reader sees of them.  Pure.
 *
 * For texts that somebody else has written and people are shown.
 */
#ifndef NURTURE_BASE_POINT_H
#define NURTURE_BASE_POINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

struct point_range {
	uint32_t first, last;
};

/*
 * Takes the first character off a text, which must be valid UTF-8 (text_is_utf8()) and not empty.
 */
uint32_t point_take(struct slice *rest);
bool point_is_in(uint32_t point, const struct point_range *ranges, size_t count);
/*
 * Is the character invisible, or does it turn the text around? These are controls (not the tab),
 * zero width, bidi, tags, private use.
 */
bool point_is_invisible(uint32_t point);
/*
 * Is the character of Unicode's class Zs: the blank, blanks that do not break, blanks of another
 * width?
 */
bool point_is_blank(uint32_t point);

#endif
