/* locale.c - see locale.h. */
#include "locale.h"

static bool is_letter(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_separator(uint8_t byte)
{
	return byte == '-' || byte == '_';
}

static uint8_t folded(uint8_t byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (uint8_t)(byte - 'A' + 'a');
	return byte == '_' ? '-' : byte;
}

/* Returns the end of the subtag that begins at `from`; `from` itself when there is none. */
static size_t subtag_end(struct slice text, size_t from, bool letters_only)
{
	size_t at = from;

	while (at < text.len && (is_letter(text.bytes[at]) ||
				 (!letters_only && text.bytes[at] >= '0' && text.bytes[at] <= '9')))
		at++;
	return at;
}

bool locale_is_tag(struct slice text)
{
	size_t at = subtag_end(text, 0, true);

	if (at < 2 || at > 3 || text.len > LOCALE_MAX_BYTES)
		return false;
	while (at < text.len) {
		size_t from = at + 1;

		if (!is_separator(text.bytes[at]))
			return false;
		at = subtag_end(text, from, false);
		if (at == from || at - from > 8)
			return false;
	}
	return true;
}

bool locale_equal(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (folded(a.bytes[i]) != folded(b.bytes[i]))
			return false;
	return true;
}

struct slice locale_wider(struct slice tag)
{
	size_t len = tag.len;

	if (!locale_is_tag(tag))
		return slice_of(tag.bytes, 0);
	while (len > 0 && !is_separator(tag.bytes[len - 1]))
		len--;
	if (len == 0)
		return slice_of(tag.bytes, 0);
	len--;
	/* "zh-x-private": what only a single letter introduced goes with it. */
	if (len > 2 && is_separator(tag.bytes[len - 2]))
		len -= 2;
	return slice_of(tag.bytes, len);
}
