/* json_cursor.c - see json_cursor.h. */
#include "json_cursor.h"

#include "common/base/text.h"
#include "json_plain.h"

enum { DIGITS_MAX = 15 };

bool json_take_string(struct json_cursor *cursor, struct slice *ret)
{
	const uint8_t *begin;
	bool is_ascii = true;

	if (!json_take(cursor, '"'))
		return false;
	begin = cursor->at;
	for (;;) {
		cursor->at = json_skip_plain(cursor->at, cursor->end);
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
