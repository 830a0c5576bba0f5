/*
 * json_plain.h - the characters of a JSON text that stand for themselves, eight at a time; for
 * json_scan.c and json_cursor.c only.
 */
#ifndef NURTURE_CODEC_JSON_PLAIN_H
#define NURTURE_CODEC_JSON_PLAIN_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define JSON_EVERY_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* How many of eight bytes come before the first that is no plain character of a text. */
static inline unsigned json_plain_bytes(const uint8_t *bytes)
{
	uint64_t eight, quote, backslash, odd;

	memcpy(&eight, bytes, sizeof(eight));
	eight = le64toh(eight);
	quote = eight ^ JSON_EVERY_BYTE('"');
	backslash = eight ^ JSON_EVERY_BYTE('\\');
	/* A byte below n, all being ASCII, borrows from its upper bit; those behind it may too. */
	odd = (eight | (eight - JSON_EVERY_BYTE(0x20)) | (quote - JSON_EVERY_BYTE(1)) |
	       (backslash - JSON_EVERY_BYTE(1))) &
	      JSON_EVERY_BYTE(0x80);
	return odd ? (unsigned)__builtin_ctzll(odd) / 8 : 8;
}

/*
 * Returns where the first byte is that is a quote, a backslash, a control or beyond ASCII; or one
 * of the last seven, which the caller looks at one by one.
 */
static inline const uint8_t *json_skip_plain(const uint8_t *at, const uint8_t *end)
{
	while (end - at >= 8) {
		unsigned count = json_plain_bytes(at);

		at += count;
		if (count < 8)
			break;
	}
	return at;
}

#endif
