/* html.c - see html.h. */
#include "html.h"

static const char *escaped(uint8_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_slice(struct buf *out, struct slice text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *instead = escaped(text.bytes[i]);

		if (!instead)
			continue;
		buf_add(out, text.bytes + from, i - from);
		buf_text(out, instead);
		from = i + 1;
	}
	buf_add(out, text.bytes + from, text.len - from);
}
