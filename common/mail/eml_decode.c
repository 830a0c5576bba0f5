/* eml_decode.c - base64 and quoted-printable as they come (RFC 2045 6), see eml.h. */
#include "eml.h"

static int base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static struct slice base64(struct slice text, size_t max_bytes, uint8_t *out)
{
	unsigned bits = 0, held = 0;
	size_t len = 0;

	for (size_t i = 0; i < text.len && len < max_bytes && text.bytes[i] != '='; i++) {
		int value = base64_digit(text.bytes[i]);

		if (value < 0)
			continue;
		bits = (bits << 6 | (unsigned)value) & 0xffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[len++] = (uint8_t)(bits >> held);
		}
	}
	return slice_of(out, len);
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Where a line goes on behind "=" and blanks; 0 when it is no soft break. */
static size_t soft_break(struct slice text, size_t at)
{
	while (at < text.len && (text.bytes[at] == ' ' || text.bytes[at] == '\t'))
		at++;
	if (at < text.len && text.bytes[at] == '\r')
		at++;
	return at < text.len && text.bytes[at] == '\n' ? at + 1 : 0;
}

static struct slice quoted_printable(struct slice text, size_t max_bytes, uint8_t *out)
{
	size_t len = 0, next;

	for (size_t i = 0; i < text.len && len < max_bytes;) {
		if (text.bytes[i] != '=') {
			out[len++] = text.bytes[i++];
		} else if (i + 2 < text.len && hex_digit(text.bytes[i + 1]) >= 0 &&
			   hex_digit(text.bytes[i + 2]) >= 0) {
			out[len++] = (uint8_t)(hex_digit(text.bytes[i + 1]) << 4 |
					       hex_digit(text.bytes[i + 2]));
			i += 3;
		} else if ((next = soft_break(text, i + 1)) != 0) {
			i = next;
		} else {
			out[len++] = text.bytes[i++];
		}
	}
	return slice_of(out, len);
}

struct slice eml_text(const struct eml_part *part, size_t max_bytes, struct arena *arena)
{
	size_t room = part->body.len < max_bytes ? part->body.len : max_bytes;

	switch (part->encoding) {
	case EML_BASE64:
		return base64(part->body, room, arena_alloc(arena, room + 1));
	case EML_QUOTED_PRINTABLE:
		return quoted_printable(part->body, room, arena_alloc(arena, room + 1));
	case EML_PLAIN:
		break;
	}
	return slice_of(part->body.bytes, room);
}
