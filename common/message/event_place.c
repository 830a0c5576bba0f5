/*
 * event_place.c - see event_place.h.
 *
 * All languages may name a page, so what looks like "nurture:" is not told by a
 * table of the characters that look alike, which is never whole: before a colon
 * of any kind a foreign letter may stand for any of ours, as long as most of
 * the word is ours.
 */
#include "event_place.h"

#include <string.h>

#include "common/base/point.h"
#include "common/base/text.h"
#include "event_authority.h"

enum { OWN_LEN = sizeof(PROOF_OWN_PAGE) - 2, OWN_LETTERS_ENOUGH = 4 };

/* The wide forms are the same letters (UAX 11). */
static uint32_t narrow(uint32_t point)
{
	uint32_t is = point >= 0xff01 && point <= 0xff5e ? point - 0xff01 + '!' : point;

	return is >= 'A' && is <= 'Z' ? is - 'A' + 'a' : is;
}

static bool is_colon(uint32_t point)
{
	static const struct point_range ranges[] = {
	    {':', ':'},       {0x2d0, 0x2d0},   {0x2f8, 0x2f8},   {0x589, 0x589},
	    {0x5c3, 0x5c3},   {0x703, 0x704},   {0x1365, 0x1366}, {0x1804, 0x1804},
	    {0x205a, 0x205a}, {0x2236, 0x2236}, {0xa4fd, 0xa4fd}, {0xa789, 0xa789},
	    {0xfe13, 0xfe13}, {0xfe30, 0xfe30}, {0xfe55, 0xfe55},
	};

	return point_is_in(point, ranges, sizeof(ranges) / sizeof(*ranges));
}

/* Marks stand above and below a letter and take no place of their own. */
static bool is_mark(uint32_t point)
{
	static const struct point_range ranges[] = {
	    {0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe2f},
	};

	return point_is_in(point, ranges, sizeof(ranges) / sizeof(*ranges));
}

static bool looks_like_ours(struct slice text)
{
	size_t at = 0, letters = 0;

	while (text.len && at <= OWN_LEN) {
		uint32_t point = narrow(point_take(&text));

		if (is_mark(point))
			continue;
		if (is_colon(point))
			return at == OWN_LEN && letters >= OWN_LETTERS_ENOUGH;
		if (point < 0x80 && (at == OWN_LEN || point != (uint8_t)PROOF_OWN_PAGE[at]))
			return false;
		letters += point < 0x80;
		at++;
	}
	return false;
}

/* Every character is seen, and none stands at an end that is not. */
static bool is_seen(struct slice text)
{
	uint32_t point = 0;

	for (struct slice rest = text; rest.len;) {
		bool is_first = rest.bytes == text.bytes;

		point = point_take(&rest);
		if (point_is_invisible(point) || (is_first && point_is_blank(point)))
			return false;
	}
	return !point_is_blank(point);
}

bool event_is_place(struct slice text)
{
	size_t own = strlen(PROOF_OWN_PAGE);

	if (text.len > EVENT_PLACE_MAX_BYTES || !text_is_printable(text) || !text_is_utf8(text) ||
	    !is_seen(text))
		return false;
	return !looks_like_ours(text) ||
	       (text.len >= own && memcmp(text.bytes, PROOF_OWN_PAGE, own) == 0);
}
