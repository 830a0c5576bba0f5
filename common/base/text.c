/* text.c - texts as a whole: what is readable, how to show one, the nearest word.  See text.h. */
#include "text.h"

/* Length of the well-formed UTF-8 sequence that p begins with, 0 when it is none. RFC 3629 4. */
static size_t sequence_len(const uint8_t *p, size_t left)
{
	uint8_t low = 0x80, high = 0xbf;
	size_t len;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0; /* shorter forms exist */
	else if (p[0] == 0xed)
		high = 0x9f; /* surrogates */
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f; /* above U+10FFFF */
	if (left < len || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

#define EVERY_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* Not 0 when one of eight bytes is a control (0x7f too) or not ASCII: nearly no text has one. */
static inline uint64_t odd_bytes(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	/* Of ASCII, one below 0x20 borrows from its upper bit, and only 0x7f carries into it. */
	return (word | (word - EVERY_BYTE(0x20)) | (word + EVERY_BYTE(1))) & EVERY_BYTE(0x80);
}

/* ASCII without controls: printable, and well-formed UTF-8. */
static bool is_plain(struct slice text)
{
	size_t at = 0;

	if (text.len >= sizeof(uint64_t)) {
		uint64_t odd = odd_bytes(text.bytes + text.len - sizeof(uint64_t));

		for (; at + sizeof(uint64_t) < text.len; at += sizeof(uint64_t))
			odd |= odd_bytes(text.bytes + at);
		return !odd;
	}
	for (; at < text.len; at++)
		if (text.bytes[at] < 0x20 || text.bytes[at] >= 0x7f)
			return false;
	return true;
}

bool text_is_utf8(struct slice text)
{
	return is_plain(text) || text_utf8_bytes(text) == text.len;
}

size_t text_utf8_bytes(struct slice text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t len = sequence_len(text.bytes + at, text.len - at);

		if (!len || !text.bytes[at])
			break;
		at += len;
	}
	return at;
}

bool text_is_printable(struct slice text)
{
	if (is_plain(text))
		return true;
	for (size_t i = 0; i < text.len; i++)
		if (text.bytes[i] < 0x20 || text.bytes[i] == 0x7f)
			return false;
	return true;
}

unsigned text_line_at(struct slice text, size_t offset)
{
	unsigned line = 1;

	for (size_t i = 0; i < offset && i < text.len; i++)
		line += text.bytes[i] == '\n';
	return line;
}

bool text_is_id(struct slice text)
{
	return text.len >= 1 && text.len <= 200 &&
	       (is_plain(text) || (text_is_printable(text) && text_is_utf8(text)));
}

const char *text_shown(struct slice text, char buf[TEXT_SHOWN_BYTES])
{
	size_t used = 0, at = 0;

	while (at < text.len) {
		size_t len = sequence_len(text.bytes + at, text.len - at);
		bool readable = len && text.bytes[at] >= 0x20 && text.bytes[at] != 0x7f;

		if (used + (readable ? len : 1) > TEXT_SHOWN_BYTES - 4) { /* room for "..." */
			memcpy(buf + used, "...", 3);
			used += 3;
			break;
		}
		if (readable)
			memcpy(buf + used, text.bytes + at, len);
		else
			buf[used] = '?';
		used += readable ? len : 1;
		at += readable ? len : 1;
	}
	buf[used] = '\0';
	return buf;
}

enum { WORD_MAX = 64, DISTANCE_MAX = 3 };

/* Levenshtein's distance of two words of at most WORD_MAX bytes. */
static size_t edit_distance(struct slice a, struct slice b)
{
	size_t row[WORD_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t best = diagonal + (a.bytes[i - 1] != b.bytes[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b.len];
}

const char *text_nearest_within(struct slice word, const char *const *candidates, size_t count,
				size_t most)
{
	const char *nearest = NULL;
	size_t least = most + 1;

	if (word.len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct slice candidate = slice_text(candidates[i]);
		size_t distance;

		if (candidate.len > WORD_MAX)
			continue;
		distance = edit_distance(word, candidate);
		/* Words that share no letter are not near, however short they are. */
		if (distance < least && (distance < word.len || distance == 0)) {
			nearest = candidates[i];
			least = distance;
		}
	}
	return nearest;
}

const char *text_nearest(struct slice word, const char *const *candidates, size_t count)
{
	return text_nearest_within(word, candidates, count, DISTANCE_MAX);
}
