/* mime.c - see mime.h. */
#include "mime.h"

#include <endian.h>

#include "common/base/civil.h"

enum { LINE_MAX = 76, WORD_MAX = 75, QUOTED_MAX = 50 };

static const char hex[] = "0123456789ABCDEF";

/* A header's value; control characters in it are blanks, and its ends have none. */
struct value {
	const uint8_t *bytes;
	size_t len;
};

static bool is_blank(uint8_t c)
{
	return c <= ' ' || c == 0x7f;
}

static struct value trim(struct slice text)
{
	while (text.len && is_blank(text.bytes[0])) {
		text.bytes++;
		text.len--;
	}
	while (text.len && is_blank(text.bytes[text.len - 1]))
		text.len--;
	return (struct value){text.bytes, text.len};
}

/* Can it stand in a header as it is, as ASCII that nobody takes for an encoded word? */
static bool is_simple(struct value value)
{
	size_t word = 0;

	for (size_t i = 0; i < value.len; i++) {
		if (value.bytes[i] < ' ' || value.bytes[i] >= 0x7f ||
		    (value.bytes[i] == '=' && i + 1 < value.len && value.bytes[i + 1] == '?'))
			return false;
		word = value.bytes[i] == ' ' ? 0 : word + 1;
		if (word > 60)
			return false;
	}
	return true;
}

/* Adds words separated by blanks; a line that would get too long goes on below. */
static void add_folded(struct value value, size_t column, struct buf *out)
{
	for (size_t i = 0; i < value.len;) {
		size_t end = i;

		while (end < value.len && value.bytes[end] == ' ')
			end++; /* blanks stay with the word that follows them */
		while (end < value.len && value.bytes[end] != ' ')
			end++;
		if (i > 0 && column + (end - i) > LINE_MAX) {
			buf_text(out, "\r\n");
			column = 0;
		}
		buf_add(out, value.bytes + i, end - i);
		column += end - i;
		i = end;
	}
}

static size_t sequence_len(struct value value, size_t at)
{
	size_t len = 1;

	while (at + len < value.len && (value.bytes[at + len] & 0xc0) == 0x80)
		len++;
	return len;
}

/* Writes the Q encoding for a phrase (RFC 2047 5 (3)): at most three characters for a byte. */
static size_t encode_q(const uint8_t *bytes, size_t len, char *ret)
{
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		uint8_t c = bytes[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    (c && strchr("!*+-/", c))) {
			ret[used++] = (char)c;
		} else if (is_blank(c)) {
			ret[used++] = '_';
		} else {
			ret[used++] = '=';
			ret[used++] = hex[c >> 4];
			ret[used++] = hex[c & 15];
		}
	}
	return used;
}

/*
 * Adds encoded words, one a line, and divides no UTF-8 sequence. Returns the length of the last
 * line.
 */
static size_t add_encoded(struct value value, size_t column, struct buf *out)
{
	static const char begin[] = "=?utf-8?Q?";
	size_t word = 0;

	for (size_t i = 0; i < value.len;) {
		size_t len = sequence_len(value, i), encoded_len;
		char encoded[16];

		if (len > 4)
			len = 4; /* no UTF-8 sequence is longer */
		encoded_len = encode_q(value.bytes + i, len, encoded);
		if (word &&
		    (word + encoded_len + 2 > WORD_MAX || column + encoded_len + 2 > LINE_MAX)) {
			buf_text(out, "?=\r\n ");
			column = 1;
			word = 0;
		}
		if (!word) {
			buf_text(out, begin);
			word = sizeof(begin) - 1;
			column += word;
		}
		buf_add(out, encoded, encoded_len);
		word += encoded_len;
		column += encoded_len;
		i += len;
	}
	if (word)
		buf_text(out, "?=");
	return column + 2;
}

void mime_text_header(const char *header, struct slice value, struct buf *out)
{
	struct value trimmed = trim(value);

	buf_printf(out, "%s: ", header);
	if (is_simple(trimmed))
		add_folded(trimmed, strlen(header) + 2, out);
	else
		add_encoded(trimmed, strlen(header) + 2, out);
	buf_text(out, "\r\n");
}

static size_t add_quoted(struct value value, struct buf *out)
{
	size_t before = out->len;

	buf_char(out, '"');
	for (size_t i = 0; i < value.len; i++) {
		if (value.bytes[i] == '"' || value.bytes[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, (char)value.bytes[i]);
	}
	buf_char(out, '"');
	return out->len - before;
}

/* Adds a phrase, quoted or in encoded words. Returns the column behind it. */
static size_t add_phrase(struct value value, size_t column, struct buf *out)
{
	if (is_simple(value) && value.len <= QUOTED_MAX)
		return column + add_quoted(value, out);
	return add_encoded(value, column, out);
}

void mime_mailbox_header(const char *header, struct slice name, const char *address,
			 struct buf *out)
{
	struct value trimmed = trim(name);
	size_t column = strlen(header) + 2;

	buf_printf(out, "%s: ", header);
	if (!trimmed.len) {
		buf_printf(out, "%s\r\n", address);
		return;
	}
	column = add_phrase(trimmed, column, out);
	buf_printf(out, "%s <%s>\r\n", column + strlen(address) + 3 > LINE_MAX ? "\r\n" : "",
		   address);
}

void mime_date_header(int64_t time_ms, struct buf *out)
{
	static const char *const weekdays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t days = (time_ms >= 0 ? time_ms : time_ms - (DAY_MS - 1)) / DAY_MS;
	int second = (int)((time_ms - days * DAY_MS) / SECOND_MS);
	struct civil_date date = civil_from_days(days);

	buf_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n",
		   weekdays[(days % 7 + 7) % 7], date.day, months[date.month - 1], date.year,
		   second / 3600, second / 60 % 60, second % 60);
}

/* One output line in the making. */
struct qp_line {
	struct buf *out;
	char text[LINE_MAX + 2];
	size_t len;
};

static void end_line(struct qp_line *line, bool soft)
{
	if (soft)
		line->text[line->len++] = '=';
	line->text[line->len++] = '\r';
	line->text[line->len++] = '\n';
	buf_add(line->out, line->text, line->len);
	line->len = 0;
}

/* The bytes that stand for themselves; a blank does so unless it is the last of its line. */
static const bool plain[256] = {
    ['\t'] = true,
    [' ' ... '<'] = true,
    ['>' ... '~'] = true,
};

/*
 * Returns how many of eight bytes come before the first control, DEL, '=' or byte above ASCII.  The
 * sign bit of such a byte is set; a borrow or carry can set or spare only those behind the first.
 */
static size_t plain_prefix(const uint8_t *bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), signs = ones << 7;
	uint64_t word, equals, marks;

	memcpy(&word, bytes, sizeof(word));
	word = le64toh(word);
	equals = word ^ (ones * '=');
	marks = ((word - ones * ' ') | (word + ones) | (equals - ones)) & signs;
	return marks ? (size_t)__builtin_ctzll(marks) / 8 : sizeof(word);
}

/* Returns how many bytes at the beginning stand for themselves. */
static size_t plain_run(const uint8_t *bytes, size_t max)
{
	size_t len = 0;

	while (max - len >= sizeof(uint64_t)) {
		size_t prefix = plain_prefix(bytes + len);

		len += prefix;
		if (prefix == sizeof(uint64_t))
			continue;
		if (!plain[bytes[len]])
			return len;
		len++; /* a tab */
	}
	while (len < max && plain[bytes[len]])
		len++;
	return len;
}

/* Must the line not begin so? "." ends a mail, and "From " begins one in old stores. */
static bool must_not_begin(const uint8_t *bytes, size_t len)
{
	return bytes[0] == '.' || (bytes[0] == 'F' && len >= 5 && memcmp(bytes, "From ", 5) == 0);
}

static void add_encoded_byte(struct qp_line *line, uint8_t c, bool last)
{
	if (line->len + 3 > (size_t)(last ? LINE_MAX : LINE_MAX - 1))
		end_line(line, true);
	line->text[line->len++] = '=';
	line->text[line->len++] = hex[c >> 4];
	line->text[line->len++] = hex[c & 15];
}

/* Adds as many of len plain bytes as the line takes; to_end: they are the last of their line. */
static size_t add_plain(struct qp_line *line, const uint8_t *bytes, size_t len, bool to_end)
{
	size_t room = LINE_MAX - 1 - line->len;

	if (to_end && len == room + 1)
		room++; /* no soft break will follow */
	if (!room) {
		end_line(line, true);
		return 0;
	}
	if (len > room)
		len = room;
	memcpy(line->text + line->len, bytes, len);
	line->len += len;
	return len;
}

static void add_line(struct qp_line *line, const uint8_t *bytes, size_t len)
{
	size_t i = 0;

	while (i < len) {
		/*
		 * This looks only at what the line can take, since templates have lines of
		 * kilobytes.
		 */
		size_t room = LINE_MAX - line->len;
		size_t end = i + plain_run(bytes + i, len - i < room ? len - i : room);

		if (end == len && bytes[len - 1] <= ' ' && end > i)
			end--;
		if (end == i || (line->len == 0 && must_not_begin(bytes + i, len - i))) {
			add_encoded_byte(line, bytes[i], i + 1 == len);
			i++;
		} else {
			i += add_plain(line, bytes + i, end - i, end == len);
		}
	}
	end_line(line, false);
}

void mime_quoted_printable(struct slice text, struct buf *out)
{
	struct qp_line line = {.out = out};
	const uint8_t *at = text.bytes, *end = text.bytes + text.len;

	while (at < end) {
		const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
		const uint8_t *stop = newline ? newline : end;

		add_line(&line, at,
			 (size_t)(stop - at) - (newline && stop > at && stop[-1] == '\r'));
		at = newline ? newline + 1 : end;
	}
}
