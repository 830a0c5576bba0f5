/* woocommerce_text.c - see woocommerce_text.h. */
#include "woocommerce_text.h"

#include <stdbool.h>

enum { ENTITY_BYTES = 12, UTF8_BYTES = 4 };

static const struct {
	const char *name, *text;
} entities[] = {
    {"amp", "&"},        {"lt", "<"},          {"gt", ">"},          {"quot", "\""},
    {"apos", "'"},       {"nbsp", " "},        {"ndash", "\u2013"},  {"mdash", "\u2014"},
    {"times", "\u00d7"}, {"hellip", "\u2026"}, {"lsquo", "\u2018"},  {"rsquo", "\u2019"},
    {"ldquo", "\u201c"}, {"rdquo", "\u201d"},  {"trade", "\u2122"},  {"reg", "\u00ae"},
    {"copy", "\u00a9"},  {"deg", "\u00b0"},    {"eacute", "\u00e9"}, {"uuml", "\u00fc"},
};

/* A code point as UTF-8; 0 bytes of one that no text has. */
static size_t put_utf8(unsigned long code, char ret[UTF8_BYTES])
{
	if (code < 0x20 || code == 0x7f || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	if (code < 0x80) {
		ret[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		ret[0] = (char)(0xc0 | code >> 6);
		ret[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		ret[0] = (char)(0xe0 | code >> 12);
		ret[1] = (char)(0x80 | (code >> 6 & 0x3f));
		ret[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	ret[0] = (char)(0xf0 | code >> 18);
	ret[1] = (char)(0x80 | (code >> 12 & 0x3f));
	ret[2] = (char)(0x80 | (code >> 6 & 0x3f));
	ret[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

static size_t put_numbered(const char *digits, char ret[UTF8_BYTES])
{
	bool is_hex = *digits == 'x' || *digits == 'X';
	unsigned base = is_hex ? 16 : 10;
	unsigned long code = 0;

	digits += is_hex;
	if (!*digits || strlen(digits) > 7)
		return 0;
	for (; *digits; digits++) {
		if (digit_of(*digits) >= base)
			return 0;
		code = code * base + digit_of(*digits);
	}
	return put_utf8(code, ret);
}

/* The entity at text ("&amp;..."): its length, and what it stands for; 0: it is none. */
static size_t take_entity(const char *text, char ret[UTF8_BYTES], size_t *ret_len)
{
	size_t len = 0;
	char name[ENTITY_BYTES];

	while (len <= sizeof(name) && text[len] && text[len] != ';')
		len++;
	if (len < 2 || len > sizeof(name) || text[len] != ';')
		return 0;
	memcpy(name, text + 1, len - 1);
	name[len - 1] = '\0';
	*ret_len = name[0] == '#' ? put_numbered(name + 1, ret) : 0;
	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities) && !*ret_len; i++)
		if (strcmp(name, entities[i].name) == 0) {
			*ret_len = strlen(entities[i].text);
			memcpy(ret, entities[i].text, *ret_len);
		}
	return *ret_len ? len + 1 : 0;
}

const char *woocommerce_text(struct arena *arena, const char *text)
{
	char *ret = arena_text(arena, text),
	     *out = ret; /* an entity is longer than its character */

	while (*text) {
		char character[UTF8_BYTES];
		size_t len = 0, taken = *text == '&' ? take_entity(text, character, &len) : 0;

		if (!taken) {
			*out++ = *text++;
			continue;
		}
		memcpy(out, character, len);
		out += len;
		text += taken;
	}
	*out = '\0';
	return ret;
}
