/*
 * shape_line.c - see shape.h: canonical JSON written straight down, without escapes.
 *
 * Services write a line for every decision, and nearly none holds anything that JSON escapes.
 */
#include "shape.h"

#include <string.h>

#include "common/base/civil.h"
#include "common/base/text.h"
#include "shape_access.h"

/* Each member begins with a comma; the first one's becomes the brace. */
struct line {
	char *at, *end;
	bool is_plain;
};

#define EVERY_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* Not 0 if one of the eight is a control, a quote, a backslash or not ASCII. */
static inline uint64_t not_plain(const char *bytes)
{
	uint64_t eight, quote, backslash;

	memcpy(&eight, bytes, sizeof(eight));
	quote = eight ^ EVERY_BYTE('"');
	backslash = eight ^ EVERY_BYTE('\\');
	/* A byte below n, all being ASCII, borrows from its upper bit. */
	return (eight | (eight - EVERY_BYTE(0x20)) | (quote - EVERY_BYTE(1)) |
		(backslash - EVERY_BYTE(1))) &
	       EVERY_BYTE(0x80);
}

static bool is_plain(const char *text, size_t len)
{
	size_t i = 0;

	if (len >= 8) {
		uint64_t odd = not_plain(text + len - 8);

		for (; i + 8 < len; i += 8)
			odd |= not_plain(text + i);
		return !odd;
	}
	for (; i < len; i++) {
		uint8_t c = (uint8_t)text[i];

		if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
			return false;
	}
	return true;
}

static bool has_room(struct line *line, size_t len)
{
	if (len > (size_t)(line->end - line->at))
		line->is_plain = false;
	return line->is_plain;
}

static inline void put(struct line *line, const char *bytes, size_t len)
{
	memcpy(line->at, bytes, len);
	line->at += len;
}

static inline void put_char(struct line *line, char c)
{
	if (has_room(line, 1))
		*line->at++ = c;
}

static void put_quoted(struct line *line, const char *text, size_t len)
{
	if (!has_room(line, len + 2))
		return;
	*line->at++ = '"';
	put(line, text, len);
	*line->at++ = '"';
}

static void put_text(struct line *line, const char *text)
{
	size_t len = strlen(text);

	if (is_plain(text, len))
		put_quoted(line, text, len);
	else
		line->is_plain = false;
}

static void put_time(struct line *line, int64_t time_ms)
{
	if (!has_room(line, 2 + RFC3339_BYTES))
		return;
	*line->at++ = '"';
	rfc3339_text(time_ms, line->at);
	line->at += strlen(line->at);
	*line->at++ = '"';
}

/* "0.45": the shortest text of it. */
static void put_decimal(struct line *line, int64_t value, unsigned decimals)
{
	char text[DECIMAL_BYTES];

	decimal_text(value, decimals, text);
	put_quoted(line, text, strlen(text));
}

static void put_whole(struct line *line, int64_t value)
{
	char digits[20];
	size_t first = sizeof(digits);
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	if (!has_room(line, 1 + sizeof(digits)))
		return;
	if (value < 0)
		*line->at++ = '-';
	do {
		digits[--first] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	put(line, digits + first, sizeof(digits) - first);
}

static void put_object(struct line *line, const struct shape *shape, const void *message);

static void put_list(struct line *line, const struct member *m, const void *message)
{
	put_char(line, '[');
	for (size_t i = 0; i < member_count(m, message) && line->is_plain; i++) {
		if (i)
			put_char(line, ',');
		put_object(line, m->shape, member_entries(m, message)[i]);
	}
	put_char(line, ']');
}

static void put_value(struct line *line, const struct member *m, const void *message)
{
	switch (m->kind) {
	case MEMBER_TEXT:
		put_text(line, member_text(m, message));
		break;
	case MEMBER_TIME:
		put_time(line, member_time_ms(m, message));
		break;
	case MEMBER_WHOLE:
		put_whole(line, member_whole(m, message));
		break;
	case MEMBER_DECIMAL:
		put_decimal(line, member_whole(m, message), m->decimals);
		break;
	case MEMBER_OBJECT:
		put_object(line, m->shape, member_object(m, message));
		break;
	case MEMBER_LIST:
		put_list(line, m, message);
		break;
	case MEMBER_FLAG:
	case MEMBER_TEXTS:
	case MEMBER_MAP:
		line->is_plain = false; /* no message that is written so has any */
		break;
	}
}

static void put_key(struct line *line, const char *name)
{
	size_t len = strlen(name);

	if (!has_room(line, len + 4))
		return;
	*line->at++ = ',';
	*line->at++ = '"';
	put(line, name, len);
	*line->at++ = '"';
	*line->at++ = ':';
}

static void put_object(struct line *line, const struct shape *shape, const void *message)
{
	char *begin = line->at;

	for (size_t i = 0; i < shape->count && line->is_plain; i++) {
		const struct member *m = &shape->members[i];

		if (!shape_has(m, message))
			continue;
		put_key(line, m->name);
		put_value(line, m, message);
	}
	if (line->at == begin)
		put_char(line, '{');
	else
		*begin = '{';
	put_char(line, '}');
}

size_t shape_write_line(const struct shape *shape, const void *message, char *bytes, size_t room)
{
	struct line line = {bytes, bytes + room, true};

	put_object(&line, shape, message);
	return line.is_plain ? (size_t)(line.at - bytes) : 0;
}
