/* shown.c - see shown.h. */
#include "shown.h"

#include "common/base/text.h"

/* How many bytes a control character at the beginning takes; 0: there is none. */
static size_t control_bytes(struct slice text)
{
	if (text.bytes[0] < ' ' || text.bytes[0] == 0x7f)
		return 1;
	/* U+0080 to U+009F, of which some terminals take U+009B as an escape. */
	return text.len > 1 && text.bytes[0] == 0xc2 && text.bytes[1] < 0xa0 ? 2 : 0;
}

void put_shown(struct buf *out, struct slice text)
{
	if (!text_is_utf8(text)) {
		buf_text(out, "(not text)");
		return;
	}
	while (text.len) {
		size_t control = control_bytes(text), taken = control ? control : 1;

		if (control)
			buf_char(out, '?');
		else
			buf_char(out, (char)text.bytes[0]);
		text = slice_of(text.bytes + taken, text.len - taken);
	}
}

void put_reason(struct buf *out, struct slice reason)
{
	const uint8_t *first = reason.len ? memchr(reason.bytes, '"', reason.len) : NULL;
	const uint8_t *last = first, *end = reason.bytes + reason.len;

	if (!first) {
		put_shown(out, reason);
		return;
	}
	for (const uint8_t *at = first; at < end; at++)
		if (*at == '"')
			last = at;
	put_shown(out, slice_of(reason.bytes, (size_t)(first - reason.bytes)));
	buf_text(out, "\"...\"");
	if (last > first)
		put_shown(out, slice_of(last + 1, (size_t)(end - last - 1)));
}
