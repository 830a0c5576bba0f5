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

/* The first character of a text that is not empty and valid UTF-8 (text_is_utf8()); takes it
 * off. */
uint32_t point_take(struct slice *rest);
bool point_is_in(uint32_t point, const struct point_range *ranges, size_t count);
/* Nobody sees it, or it turns around what is read: controls (not the tab), zero width, bidi, tags,
 * private use. */
bool point_is_invisible(uint32_t point);
/* Of Unicode's Zs: the blank, those that do not break or are of another width. */
bool point_is_blank(uint32_t point);

#endif
