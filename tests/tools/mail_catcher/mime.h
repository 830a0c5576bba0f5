/* mime.h - just enough MIME to show a mail: a header, a text part, an HTML part. */
#ifndef MAIL_CATCHER_MIME_H
#define MAIL_CATCHER_MIME_H

#include <ctype.h>
#include <strings.h>

#include "common/base/buf.h"

static struct slice mime_rest(struct slice text, size_t from)
{
	return slice_of(text.bytes + from, text.len - from);
}

/* One line without its end; what is left in *rest. */
static struct slice mime_line(struct slice *rest)
{
	const uint8_t *end = rest->len ? memchr(rest->bytes, '\n', rest->len) : NULL;
	size_t len = end ? (size_t)(end - rest->bytes) : rest->len;
	struct slice line = slice_of(rest->bytes, len);

	*rest = mime_rest(*rest, end ? len + 1 : len);
	if (line.len && line.bytes[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool mime_begins(struct slice text, const char *with)
{
	return text.len >= strlen(with) &&
	       strncasecmp((const char *)text.bytes, with, strlen(with)) == 0;
}

/* The value of a header field, unfolded, into out (emptied first). */
static bool mime_header(struct slice mail, const char *name, struct buf *out)
{
	bool found = false;

	buf_reset(out);
	while (mail.len) {
		struct slice line = mime_line(&mail);
		bool folded = line.len && (line.bytes[0] == ' ' || line.bytes[0] == '\t');

		if (line.len == 0 || (found && !folded))
			break;
		if (found) {
			buf_add(out, line.bytes, line.len);
		} else if (mime_begins(line, name) && line.len > strlen(name) &&
			   line.bytes[strlen(name)] == ':') {
			size_t at = strlen(name) + 1;

			while (at < line.len && line.bytes[at] == ' ')
				at++;
			buf_add(out, line.bytes + at, line.len - at);
			found = true;
		}
	}
	if (!out->bytes)
		buf_text(out, "");
	return found;
}

static struct slice mime_body(struct slice mail)
{
	while (mail.len && mime_line(&mail).len)
		;
	return mail;
}

static int mime_hex(uint8_t c)
{
	return isdigit(c) ? c - '0' : isxdigit(c) ? (c | 0x20) - 'a' + 10 : -1;
}

/* Quoted-printable; in_word: of RFC 2047, where '_' is a blank. */
static void mime_unquote(struct slice text, bool in_word, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.bytes[i];
		int high = c == '=' && i + 2 < text.len ? mime_hex(text.bytes[i + 1]) : -1;
		int low = high >= 0 ? mime_hex(text.bytes[i + 2]) : -1;

		if (low >= 0) {
			buf_char(out, (char)(high << 4 | low));
			i += 2;
		} else if (c == '=' && i + 1 < text.len && text.bytes[i + 1] == '\n') {
			i += 1; /* soft line break */
		} else if (c == '=' && i + 2 < text.len && text.bytes[i + 1] == '\r') {
			i += 2;
		} else {
			buf_char(out, in_word && c == '_' ? ' ' : (char)c);
		}
	}
}

static void mime_unbase64(struct slice text, struct buf *out)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *digit = text.bytes[i] ? strchr(digits, text.bytes[i]) : NULL;

		if (!digit)
			continue;
		bits = bits << 6 | (uint32_t)(digit - digits);
		held += 6;
		if (held >= 8)
			buf_char(out, (char)(bits >> (held -= 8) & 0xff));
	}
}

/* =?utf-8?Q?...?= words as text; anything else as it stands. */
static void mime_decode_words(struct slice text, struct buf *out)
{
	static const char begin[] = "=?utf-8?";

	while (text.len) {
		const uint8_t *end = mime_begins(text, begin) && text.len > 10
					 ? memmem(text.bytes + 10, text.len - 10, "?=", 2)
					 : NULL;

		if (!end) {
			buf_char(out, (char)text.bytes[0]);
			text = mime_rest(text, 1);
			continue;
		}
		struct slice word = slice_of(text.bytes + 10, (size_t)(end - text.bytes) - 10);

		if ((text.bytes[8] | 0x20) == 'q')
			mime_unquote(word, true, out);
		else
			mime_unbase64(word, out);
		text = mime_rest(text, (size_t)(end + 2 - text.bytes));
		/* blanks between two words are not part of the text */
		size_t blanks = 0;
		while (blanks < text.len &&
		       (text.bytes[blanks] == ' ' || text.bytes[blanks] == '\t'))
			blanks++;
		if (mime_begins(mime_rest(text, blanks), begin))
			text = mime_rest(text, blanks);
	}
}

static bool mime_part(struct slice entity, const char *type, unsigned depth, struct buf *out);

static bool mime_multipart(struct slice body, const char *content_type, const char *type,
			   unsigned depth, struct buf *out)
{
	const char *at = strcasestr(content_type, "boundary=");
	char mark[80];
	size_t len;

	if (!at)
		return false;
	at += strlen("boundary=") + (at[9] == '"');
	len = strcspn(at, "\"; ");
	if (len > 70)
		return false;
	snprintf(mark, sizeof(mark), "--%.*s", (int)len, at);
	for (const uint8_t *begin = NULL; body.len;) {
		const uint8_t *line_begin = body.bytes;
		bool is_mark = mime_begins(mime_line(&body), mark);

		if (is_mark && begin &&
		    mime_part(slice_of(begin, (size_t)(line_begin - begin)), type, depth + 1, out))
			return true;
		if (is_mark)
			begin = body.bytes;
	}
	return false;
}

/* The first part of this type, decoded, appended to out. */
static bool mime_part(struct slice entity, const char *type, unsigned depth, struct buf *out)
{
	struct buf field = BUF_MAX(4096);
	struct slice body = mime_body(entity);
	bool found = false;

	if (!mime_header(entity, "Content-Type", &field))
		buf_text(&field, "text/plain");
	if (depth < 4 && mime_begins(buf_slice(&field), "multipart/")) {
		found = mime_multipart(body, field.bytes, type, depth, out);
	} else if (mime_begins(buf_slice(&field), type)) {
		mime_header(entity, "Content-Transfer-Encoding", &field);
		if (mime_begins(buf_slice(&field), "quoted-printable"))
			mime_unquote(body, false, out);
		else if (mime_begins(buf_slice(&field), "base64"))
			mime_unbase64(body, out);
		else
			buf_add(out, body.bytes, body.len);
		found = true;
	}
	buf_free(&field);
	return found;
}

#endif
