/*
 * text_email.c - what may be put behind RCPT TO.  See text.h.
 *
 * Stricter than RFC 5321: no quoted local parts and no address literals.
 * Both exist on paper; in orders they are mistakes or attacks.
 */
#include "point.h"
#include "text.h"

enum { ADDRESS_MAX_BYTES = 254, LOCAL_MAX_BYTES = 64, LABEL_MAX_BYTES = 63 };

static bool is_alphanumeric(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The text is known to be UTF-8, so a byte above 0x7f is part of a letter. */
static bool is_atext(uint8_t c)
{
	return is_alphanumeric(c) || c >= 0x80 || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool is_label_byte(uint8_t c)
{
	return is_alphanumeric(c) || c >= 0x80 || c == '-';
}

/* Blanks, controls and direction marks beyond ASCII: they make two addresses look like one. */
static bool has_invisible(struct slice text)
{
	static const struct point_range invisible[] = {
	    {0x80, 0xa0},     {0xad, 0xad},       {0x1680, 0x1680}, {0x2000, 0x200f},
	    {0x2028, 0x202f}, {0x205f, 0x206f},   {0x3000, 0x3000}, {0xfeff, 0xfeff},
	    {0xfff9, 0xffff}, {0xe0000, 0xe0fff},
	};

	while (text.len) {
		/* None of ASCII is one of them, and most addresses have nothing else. */
		if (text.bytes[0] < 0x80)
			text = slice_of(text.bytes + 1, text.len - 1);
		else if (point_is_in(point_take(&text), invisible,
				     sizeof(invisible) / sizeof(*invisible)))
			return true;
	}
	return false;
}

static bool is_dot_atom(struct slice local)
{
	for (size_t i = 0; i < local.len; i++) {
		bool after_atom = i > 0 && local.bytes[i - 1] != '.';

		if (local.bytes[i] == '.' ? !after_atom : !is_atext(local.bytes[i]))
			return false;
	}
	return local.len > 0 && local.len <= LOCAL_MAX_BYTES && local.bytes[local.len - 1] != '.';
}

static bool is_label(struct slice label)
{
	for (size_t i = 0; i < label.len; i++)
		if (!is_label_byte(label.bytes[i]))
			return false;
	return label.len > 0 && label.len <= LABEL_MAX_BYTES && label.bytes[0] != '-' &&
	       label.bytes[label.len - 1] != '-';
}

static bool is_number(struct slice label)
{
	for (size_t i = 0; i < label.len; i++)
		if (label.bytes[i] < '0' || label.bytes[i] > '9')
			return false;
	return true;
}

/* Labels with dots between; the last is no number (RFC 1123 2.1), or it would be an IP address. */
static bool is_host_name(struct slice name)
{
	size_t from = 0;

	for (size_t i = 0; i < name.len; i++) {
		if (name.bytes[i] != '.')
			continue;
		if (!is_label(slice_of(name.bytes + from, i - from)))
			return false;
		from = i + 1;
	}
	name = slice_of(name.bytes + from, name.len - from);
	return is_label(name) && !is_number(name);
}

bool text_is_email(struct slice text)
{
	const uint8_t *at = text.len ? memchr(text.bytes, '@', text.len) : NULL;
	size_t local_len;

	if (!at || text.len > ADDRESS_MAX_BYTES || !text_is_utf8(text) || has_invisible(text))
		return false;
	local_len = (size_t)(at - text.bytes);
	return is_dot_atom(slice_of(text.bytes, local_len)) &&
	       is_host_name(slice_of(at + 1, text.len - local_len - 1));
}
