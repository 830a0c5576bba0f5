/* json_cursor.c - see json_cursor.h. */
#include "json_cursor.h"

#include <endian.h>

#include "common/base/text.h"

enum { DIGITS_MAX = 15 };

#define EVERY_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* How many of eight bytes come before the first that is no plain character of a text. */
static inline unsigned plain_bytes(const uint8_t *bytes)
{
	uint64_t eight, quote, backslash, odd;

	memcpy(&eight, bytes, sizeof(eight));
	eight = le64toh(eight);
	quote = eight ^ EVERY_BYTE('"');
	backslash = eight ^ EVERY_BYTE('\\');
	/* A byte below n, all being ASCII, borrows from its upper bit; those behind it may too. */
	odd = (eight | (eight - EVERY_BYTE(0x20)) | (quote - EVERY_BYTE(1)) |
	       (backslash - EVERY_BYTE(1))) &
	      EVERY_BYTE(0x80);
	return odd ? (unsigned)__builtin_ctzll(odd) / 8 : 8;
}

bool json_take_string(struct json_cursor *cursor, struct slice *ret)
{
	const uint8_t *begin;
	bool is_ascii = true;

	if (!json_take(cursor, '"'))
		return false;
	begin = cursor->at;
	for (;;) {
		bool are_eight = cursor->end - cursor->at >= 8;
		unsigned count = are_eight ? plain_bytes(cursor->at) : 0;

		cursor->at += count;
		if (count == 8)
			continue;
		if (cursor->at == cursor->end || *cursor->at < 0x20 || *cursor->at == '\\')
			return false;
		if (*cursor->at == '"')
			break;
		is_ascii = is_ascii && *cursor->at < 0x80;
		cursor->at++;
	}
	*ret = slice_of(begin, (size_t)(cursor->at++ - begin));
	return is_ascii || text_is_utf8(*ret);
}

bool json_take_digits(struct json_cursor *cursor, int64_t *ret)
{
	const uint8_t *begin;
	int64_t value = 0;
	size_t count;

	json_skip_blanks(cursor);
	begin = cursor->at;
	while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9') {
		if (cursor->at - begin == DIGITS_MAX)
			return false;
		value = value * 10 + (*cursor->at++ - '0');
	}
	count = (size_t)(cursor->at - begin);
	if (count == 0 || (count > 1 && *begin == '0') ||
	    (cursor->at < cursor->end && (*cursor->at == '.' || (*cursor->at | 0x20) == 'e')))
		return false;
	*ret = value;
	return true;
}
