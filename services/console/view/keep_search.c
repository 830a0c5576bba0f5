/* keep_search.c - the forms of keep.h by which somebody is looked for. */
#include "keep.h"

void keep_phone(const char *phone, struct buf *out)
{
	char digits[64];
	size_t count = 0;

	for (const char *at = phone; *at && count < sizeof(digits); at++) {
		/* The zero that is left out when one calls from abroad. */
		if (strncmp(at, "(0)", 3) == 0) {
			at += 2;
			continue;
		}
		if (*at >= '0' && *at <= '9' && (count > 0 || *at != '0'))
			digits[count++] = *at;
	}
	while (count > 0)
		buf_char(out, digits[--count]);
}

void keep_email(const char *email, struct buf *out)
{
	struct slice text = slice_trim(slice_text(email), " \t\r\n");

	for (size_t i = 0; i < text.len; i++) {
		const uint8_t c = text.bytes[i];

		buf_char(out, (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c));
	}
}

void keep_words(const Nurture__V1__Card *card, struct buf *out)
{
	buf_text(out, card->name);
	if (card->name[0] && card->address[0])
		buf_char(out, '\n');
	buf_text(out, card->address);
}
