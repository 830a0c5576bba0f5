/*
 * find.c - see find.h.
 *
 * Nothing that was typed reaches the query language of the index: it is cut into words at every
 * sign of ASCII that is neither a letter nor a digit, and each word is put into quotes, in which
 * only a quote would mean something.
 */
#include "find.h"

#include "common/base/text.h"
#include "keep.h"
#include "view.h"

static bool is_word(uint8_t c)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

static void read_words(struct slice text, struct buf *out)
{
	unsigned count = 0;
	size_t at = 0;

	while (at < text.len && count < FIND_WORDS_MAX) {
		size_t begin = at;

		while (at < text.len && is_word(text.bytes[at]))
			at++;
		if (at > begin) {
			buf_printf(out, "%s\"%.*s\"*", count ? " " : "",
				   SLICE_ARGS(slice_of(text.bytes + begin, at - begin)));
			count++;
		}
		while (at < text.len && !is_word(text.bytes[at]))
			at++;
	}
}

static void read_phone(const char *text, struct buf *out)
{
	size_t digits = 0;

	for (const char *at = text; *at; at++) {
		if (*at >= '0' && *at <= '9')
			digits++;
		else if (!strchr("+-/(). ", *at))
			return;
	}
	if (digits >= FIND_DIGITS_MIN)
		keep_phone(text, out);
}

void find_read(struct slice text, struct find *ret)
{
	char copy[VIEW_SEARCH_MAX_BYTES + 1];

	*ret = (struct find){.email = BUF_MAX(FIND_BYTES),
			     .phone = BUF_MAX(FIND_BYTES),
			     .words = BUF_MAX(FIND_BYTES)};
	if (text.len > VIEW_SEARCH_MAX_BYTES)
		text.len = VIEW_SEARCH_MAX_BYTES;
	text.len = text_utf8_bytes(text);
	text = slice_trim(text, " \t\r\n");
	ret->text = ret->order = text;
	if (text.len == 0)
		return;
	if (text.bytes[0] == '#')
		ret->order = slice_trim(slice_of(text.bytes + 1, text.len - 1), " ");
	memcpy(copy, text.bytes, text.len);
	copy[text.len] = '\0';
	if (!strpbrk(copy, " \t\r\n"))
		keep_email(copy, &ret->email);
	read_phone(copy, &ret->phone);
	read_words(text, &ret->words);
}

void find_free(struct find *find)
{
	buf_free(&find->email);
	buf_free(&find->phone);
	buf_free(&find->words);
}
