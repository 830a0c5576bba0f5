/* words_accepted.c - the language that a browser asks for; see words.h. */
#include "words_internal.h"

enum { TAGS_MAX = 32 }; /* of one header; what is behind them was not much wanted */

/* "q=0.8" as 800; what is not like that counts as most wanted. */
static unsigned weight_of(struct slice parameter)
{
	static const unsigned places[] = {100, 10, 1};
	unsigned weight = 0;

	parameter = slice_trim(parameter, " \t");
	if (parameter.len < 3 || memcmp(parameter.bytes, "q=0", 3) != 0)
		return 1000;
	for (size_t i = 4; i < parameter.len && i < 7; i++)
		if (parameter.bytes[i] >= '0' && parameter.bytes[i] <= '9')
			weight += places[i - 4] * (parameter.bytes[i] - '0');
	return weight;
}

bool words_accepted(const struct words *words, struct slice header, unsigned *ret)
{
	unsigned best = 0;

	for (unsigned i = 0; i < TAGS_MAX && header.len; i++) {
		const uint8_t *comma = memchr(header.bytes, ',', header.len);
		size_t len = comma ? (size_t)(comma - header.bytes) : header.len;
		struct slice entry = slice_of(header.bytes, len);
		const uint8_t *semicolon = len ? memchr(entry.bytes, ';', len) : NULL;
		size_t tag_len = semicolon ? (size_t)(semicolon - entry.bytes) : len;
		unsigned weight =
		    semicolon ? weight_of(slice_of(semicolon + 1, len - tag_len - 1)) : 1000;
		unsigned found;

		if (weight > best &&
		    words_find(words, slice_trim(slice_of(entry.bytes, tag_len), " \t"), &found)) {
			best = weight;
			*ret = found;
		}
		len += comma != NULL;
		header = slice_of(header.bytes + len, header.len - len);
	}
	return best > 0;
}
