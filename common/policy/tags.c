/* tags.c - see tags.h. */
#include "tags.h"

#include <string.h>

#include "common/base/text.h"
#include "policy.h"

enum { FOLDED_MAX_BYTES = 64 * 1024, LATIN_FIRST = 0xc0, LATIN_LAST = 0x17f };

/* U+00C0 to U+017F without what is on or under the letter; '?': it is a sign, and ends a word. */
static const char latin[LATIN_LAST - LATIN_FIRST + 2] =
    "aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* The letter of a code point; 0: it is none. */
static uint32_t letter_of(uint32_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return c;
	if (c >= 'A' && c <= 'Z')
		return c + ('a' - 'A');
	if (c < LATIN_FIRST)
		return 0;
	if (c <= LATIN_LAST)
		return latin[c - LATIN_FIRST] == '?' ? 0 : (uint32_t)latin[c - LATIN_FIRST];
	if ((c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f)) /* Greek, Cyrillic */
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40f)
		return c + 0x50;
	/* Marks that are put on the letter before them; the signs of general punctuation. */
	return c >= 0x2000 && c <= 0x206f ? 0 : c;
}

static void put_utf8(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_char(out, (char)c);
	} else if (c < 0x800) {
		buf_char(out, (char)(0xc0 | c >> 6));
		buf_char(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_char(out, (char)(0xe0 | c >> 12));
		buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_char(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_char(out, (char)(0xf0 | c >> 18));
		buf_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_char(out, (char)(0x80 | (c & 0x3f)));
	}
}

/* The next code point of well-formed UTF-8; of other bytes one at a time, as no letter. */
static uint32_t next(struct slice text, size_t *at)
{
	uint8_t first = text.bytes[(*at)++];
	unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
	uint32_t c = more == 3 ? first & 7 : more == 2 ? first & 15 : first & 31;

	if (first < 0x80)
		return first;
	if (!more || *at + more > text.len)
		return ' ';
	for (unsigned i = 0; i < more; i++)
		c = c << 6 | (text.bytes[(*at)++] & 0x3f);
	return c;
}

void tags_fold(struct slice text, struct buf *out)
{
	bool in_word = false;

	buf_char(out, ' ');
	for (size_t at = 0; at < text.len;) {
		uint32_t c = next(text, &at), letter = letter_of(c);

		if (c >= 0x300 && c <= 0x36f)
			continue; /* an accent by itself, on the letter before it */
		if (letter)
			put_utf8(out, letter);
		else if (in_word)
			buf_char(out, ' ');
		in_word = letter != 0;
	}
	if (in_word)
		buf_char(out, ' ');
}

bool tags_has(const struct policy *policy, const char *name)
{
	for (unsigned i = 0; i < policy->tag_count; i++)
		if (strcmp(policy->tags[i].name, name) == 0)
			return true;
	return false;
}

static bool has_phrase(const struct tag *tag, const char *folded)
{
	for (unsigned i = 0; i < tag->phrase_count; i++)
		if (strstr(folded, tag->phrases[i]))
			return true;
	return false;
}

size_t tags_suggest(const struct policy *policy, struct slice text,
		    const char *ret[TAGS_SUGGESTED_MAX])
{
	struct buf folded = BUF_MAX(FOLDED_MAX_BYTES);
	size_t count = 0;

	if (!policy->tag_count)
		return 0;
	tags_fold(text, &folded);
	for (unsigned i = 0; i < policy->tag_count && count < TAGS_SUGGESTED_MAX; i++)
		if (!buf_failed(&folded) && has_phrase(&policy->tags[i], folded.bytes))
			ret[count++] = policy->tags[i].name;
	buf_free(&folded);
	return count;
}
