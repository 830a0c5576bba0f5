/* smtp_reply.c - see smtp_reply.h. */
#include "smtp_reply.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Returns the code of a line "250", "250 text" or "250-text", without CRLF; -1 when it has none. */
static int line_code(const char *line, size_t len)
{
	if (len < 3 || line[0] < '2' || line[0] > '5' || line[1] < '0' || line[1] > '5' ||
	    !is_digit(line[2]) || (len > 3 && line[3] != ' ' && line[3] != '-'))
		return -1;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

/* Returns the length of a "5.1.1" at the beginning of text, of the code's own class; else 0. */
static size_t enhanced_len(const char *text, size_t len, int code)
{
	size_t at = 1;

	if (len < 5 || text[0] != '0' + code / 100)
		return 0;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		if (at >= len || text[at++] != '.')
			return 0;
		while (at < len && is_digit(text[at]) && digits < 3) {
			at++;
			digits++;
		}
		if (!digits)
			return 0;
	}
	return at == len || text[at] == ' ' ? at : 0;
}

/* Adds the words of one line to those of the lines before, printable, as far as there is room. */
static void add_words(struct smtp_answer *ret, const char *text, size_t len)
{
	size_t used = strlen(ret->text);

	if (used && len && used < sizeof(ret->text) - 1)
		ret->text[used++] = ' ';
	for (size_t i = 0; i < len && used < sizeof(ret->text) - 1; i++)
		ret->text[used++] = text[i] >= ' ' && text[i] < 0x7f ? text[i] : '?';
	ret->text[used] = '\0';
}

static void add_line(struct smtp_answer *ret, const char *line, size_t len)
{
	const char *text = line + 4;
	size_t enhanced;

	if (len <= 4)
		return;
	len -= 4;
	enhanced = enhanced_len(text, len, ret->code);
	if (enhanced && enhanced < sizeof(ret->enhanced)) {
		memcpy(ret->enhanced, text, enhanced);
		ret->enhanced[enhanced] = '\0';
	}
	while (enhanced < len && enhanced && text[enhanced] == ' ')
		enhanced++;
	add_words(ret, text + enhanced, len - enhanced);
}

int smtp_reply_parse(const char *bytes, size_t len, struct smtp_answer *ret)
{
	struct smtp_answer found = {.code = -1};
	size_t at = 0;

	for (int lines = 0; lines < SMTP_REPLY_LINES_MAX; lines++) {
		const char *line = bytes + at;
		const char *newline = memchr(line, '\n', len - at);
		size_t line_len;
		int code;

		if (!newline)
			return len - at > SMTP_REPLY_LINE_MAX_BYTES || len >= SMTP_REPLY_MAX_BYTES
				   ? -1
				   : 0;
		line_len = (size_t)(newline - line);
		if (line_len < 1 || line_len > SMTP_REPLY_LINE_MAX_BYTES ||
		    line[line_len - 1] != '\r' || memchr(line, '\r', line_len - 1))
			return -1;
		code = line_code(line, --line_len);
		if (code < 0 || (found.code >= 0 && code != found.code))
			return -1;
		found.code = code;
		add_line(&found, line, line_len);
		at += line_len + 2;
		if (line_len == 3 || line[3] == ' ') {
			ret->code = found.code;
			memcpy(ret->enhanced, found.enhanced, sizeof(ret->enhanced));
			memcpy(ret->text, found.text, sizeof(ret->text));
			return (int)at;
		}
	}
	return -1;
}
