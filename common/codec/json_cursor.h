/*
 * json_cursor.h - JSON of the usual kind, token by token.
 *
 * For readers who know what comes next and leave all else to json.h: false
 * says that something else stands there, or the same in another way, and
 * not what is wrong.  Blanks before a token are passed over.
 */
#ifndef NURTURE_CODEC_JSON_CURSOR_H
#define NURTURE_CODEC_JSON_CURSOR_H

#include "common/base/slice.h"

struct json_cursor {
	const uint8_t *at, *end;
};

static inline void json_skip_blanks(struct json_cursor *cursor)
{
	while (cursor->at < cursor->end && *cursor->at <= ' ' &&
	       (*cursor->at == ' ' || *cursor->at == '\n' || *cursor->at == '\r' ||
		*cursor->at == '\t'))
		cursor->at++;
}

static inline bool json_take(struct json_cursor *cursor, uint8_t c)
{
	json_skip_blanks(cursor);
	if (cursor->at == cursor->end || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

static inline bool json_take_word(struct json_cursor *cursor, const char *word)
{
	size_t len = strlen(word);

	json_skip_blanks(cursor);
	if ((size_t)(cursor->end - cursor->at) < len || memcmp(cursor->at, word, len) != 0)
		return false;
	cursor->at += len;
	return true;
}

static inline bool json_is_at_end(struct json_cursor *cursor)
{
	json_skip_blanks(cursor);
	return cursor->at == cursor->end;
}

/* What stands between quotes, of valid UTF-8 and without escapes; borrowed. */
bool json_take_string(struct json_cursor *cursor, struct slice *ret);
/* At most 15 digits and nothing else of a number: what every reader of JSON sees alike. */
bool json_take_digits(struct json_cursor *cursor, int64_t *ret);

#endif
