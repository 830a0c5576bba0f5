/* bounce_text.c - see bounce_text.h; and the words of bounce.h. */
#include "bounce_text.h"

#include <stdio.h>

#include "common/base/text.h"
#include "eml.h"

const char *bounce_kind_text(enum bounce_kind kind)
{
	static const char *const text[] = {
#define X(name, text) [BOUNCE_##name] = text,
	    BOUNCE_KINDS(X)
#undef X
	};

	return text[kind];
}

const char *bounce_form_text(enum bounce_form form)
{
	static const char *const text[] = {
#define X(name, text) [BOUNCE_FORM_##name] = text,
	    BOUNCE_FORMS(X)
#undef X
	};

	return text[form];
}

void bounce_put_text(struct slice text, char ret[BOUNCE_TEXT_BYTES])
{
	size_t len = 0;

	text = eml_trim(text);
	for (size_t i = 0; i < text.len && len < BOUNCE_TEXT_BYTES - 1; i++) {
		uint8_t c = text.bytes[i];

		if (c <= ' ' || c == 0x7f) {
			if (len && ret[len - 1] != ' ')
				ret[len++] = ' ';
		} else {
			ret[len++] = (char)c;
		}
	}
	while (len &&
	       (ret[len - 1] == ' ' || (len == BOUNCE_TEXT_BYTES - 1 && ret[len - 1] & 0x80)))
		len--;
	ret[len] = '\0';
	if (text_is_utf8(slice_of(ret, len)))
		return;
	for (size_t i = 0; i < len; i++)
		if (ret[i] & 0x80)
			ret[i] = '?';
}

void bounce_put_recipient(struct slice address, char ret[BOUNCE_RECIPIENT_BYTES])
{
	if (text_is_email(address))
		snprintf(ret, BOUNCE_RECIPIENT_BYTES, "%.*s", SLICE_ARGS(address));
}
