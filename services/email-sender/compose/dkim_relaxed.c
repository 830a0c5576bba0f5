/* dkim_relaxed.c - see dkim_relaxed.h. */
#include "dkim_relaxed.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static const uint8_t *trim_end(const uint8_t *at, const uint8_t *end)
{
	while (end > at && is_blank(end[-1]))
		end--;
	return end;
}

/* 0x80 in each byte of the word that is c, and 0 in the others. */
static uint64_t bytes_equal(uint64_t word, uint8_t c)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), low = ones * 0x7f;
	uint64_t differs = word ^ (ones * c);

	return ~(((differs & low) + low) | differs | low);
}

/* Are eight bytes without a tab, and without two spaces side by side? */
static bool all_single(const uint8_t *bytes)
{
	uint64_t word, spaces;

	memcpy(&word, bytes, sizeof(word));
	spaces = bytes_equal(word, ' ');
	return !(bytes_equal(word, '\t') | (spaces & (spaces >> 8)));
}

/* Adds runs of blanks as one blank each; what lies between them is copied in one piece. */
static void add_squeezed(const uint8_t *at, const uint8_t *end, struct buf *out)
{
	const uint8_t *piece = at;

	while (at < end) {
		/* The eighth byte may be the first blank of two: it is looked at again. */
		while (end - at > (ptrdiff_t)sizeof(uint64_t) && all_single(at))
			at += sizeof(uint64_t) - 1;
		if (!is_blank(*at) || (*at == ' ' && at + 1 < end && !is_blank(at[1]))) {
			at++;
			continue;
		}
		buf_add(out, piece, (size_t)(at - piece));
		while (at < end && is_blank(*at))
			at++;
		buf_char(out, ' ');
		piece = at;
	}
	buf_add(out, piece, (size_t)(end - piece));
}

/* Returns where the first CRLF is, or end. */
static const uint8_t *line_end(const uint8_t *at, const uint8_t *end)
{
	while (at < end) {
		const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));

		if (!newline)
			return end;
		if (newline > at && newline[-1] == '\r')
			return newline - 1;
		at = newline + 1;
	}
	return end;
}

void dkim_relaxed_body(struct slice body, struct buf *out)
{
	const uint8_t *at = body.bytes, *end = body.bytes + body.len;
	size_t empty_lines = 0;

	while (at < end) {
		const uint8_t *stop = line_end(at, end), *last = trim_end(at, stop);

		if (last == at) {
			empty_lines++; /* they count only if another line follows */
		} else {
			for (; empty_lines; empty_lines--)
				buf_add(out, "\r\n", 2);
			add_squeezed(at, last, out);
			buf_add(out, "\r\n", 2);
		}
		at = stop < end ? stop + 2 : end;
	}
}

/* Is it between words? A fold counts no more than the blank behind it. */
static bool is_space(uint8_t c)
{
	return is_blank(c) || c == '\r' || c == '\n';
}

static void add_unfolded(const uint8_t *at, const uint8_t *end, struct buf *out)
{
	bool owes_blank = false;

	while (at < end) {
		const uint8_t *piece = at;

		while (at < end && !is_space(*at))
			at++;
		if (at > piece && owes_blank)
			buf_char(out, ' ');
		if (at > piece)
			owes_blank = false;
		buf_add(out, piece, (size_t)(at - piece));
		for (; at < end && is_space(*at); at++)
			owes_blank |= is_blank(*at);
	}
}

void dkim_relaxed_field(struct slice field, struct buf *out)
{
	const uint8_t *end = field.bytes + field.len;
	const uint8_t *colon = field.len ? memchr(field.bytes, ':', field.len) : NULL;
	const uint8_t *name_end = colon ? trim_end(field.bytes, colon) : end, *value = end;

	for (const uint8_t *at = field.bytes; at < name_end; at++)
		buf_char(out, (char)(*at >= 'A' && *at <= 'Z' ? *at + 'a' - 'A' : *at));
	if (!colon)
		return;
	buf_char(out, ':');
	for (value = colon + 1; value < end; value++)
		if (!is_space(*value))
			break;
	add_unfolded(value, end, out);
}
