/* strings.c - see strings.h. */
#include "strings.h"

#include "common/template/html.h"
#include "common/base/locale.h"

enum { TAGS_MAX = 32 }; /* of one header; what is behind them was not much wanted */

static const struct {
	const char *tag, *name;
} languages[] = {
#define X(name, tag, own_name) [SOL_##name] = {tag, own_name},
    SOL_LANGUAGES(X)
#undef X
};

static const char *const words[SOL_WORD_COUNT][SOL_LANGUAGE_COUNT] = {
#define X(name, ...) [SOL_SAY_##name] = {__VA_ARGS__},
    SOL_WORDS(X)
#undef X
};

const char *sol_language_tag(enum sol_language language)
{
	return languages[language].tag;
}

const char *sol_language_name(enum sol_language language)
{
	return languages[language].name;
}

bool sol_language_find(struct slice tag, enum sol_language *ret)
{
	if (!locale_is_tag(tag))
		return false;
	for (; tag.len; tag = locale_wider(tag))
		for (unsigned i = 0; i < SOL_LANGUAGE_COUNT; i++)
			if (locale_equal(tag, slice_text(languages[i].tag))) {
				*ret = (enum sol_language)i;
				return true;
			}
	return false;
}

static struct slice trimmed(struct slice text)
{
	while (text.len && (text.bytes[0] == ' ' || text.bytes[0] == '\t'))
		text = slice_of(text.bytes + 1, text.len - 1);
	while (text.len && (text.bytes[text.len - 1] == ' ' || text.bytes[text.len - 1] == '\t'))
		text.len--;
	return text;
}

/* "q=0.8" as 800; what is not like that counts as most wanted. */
static unsigned weight_of(struct slice parameter)
{
	static const unsigned places[] = {100, 10, 1};
	unsigned weight = 0;

	parameter = trimmed(parameter);
	if (parameter.len < 3 || memcmp(parameter.bytes, "q=0", 3) != 0)
		return 1000;
	for (size_t i = 4; i < parameter.len && i < 7; i++)
		if (parameter.bytes[i] >= '0' && parameter.bytes[i] <= '9')
			weight += places[i - 4] * (parameter.bytes[i] - '0');
	return weight;
}

bool sol_language_accepted(struct slice header, enum sol_language *ret)
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
		enum sol_language found;

		if (weight > best &&
		    sol_language_find(trimmed(slice_of(entry.bytes, tag_len)), &found)) {
			best = weight;
			*ret = found;
		}
		len += comma != NULL;
		header = slice_of(header.bytes + len, header.len - len);
	}
	return best > 0;
}

const char *sol_say(enum sol_language language, enum sol_word word)
{
	return words[word][language];
}

void sol_add_said(struct buf *out, enum sol_language language, enum sol_word word,
		  const char *value)
{
	const char *text = sol_say(language, word), *place = strstr(text, "%s");

	if (!place) {
		html_text(out, text);
		return;
	}
	html_slice(out, slice_of(text, (size_t)(place - text)));
	html_text(out, value ? value : "");
	html_text(out, place + 2);
}

void sol_add_date(struct buf *out, enum sol_language language, struct civil_date date)
{
	enum sol_word month = (enum sol_word)(SOL_SAY_MONTH_1 + date.month - 1);

	buf_printf(out, sol_say(language, SOL_SAY_DATE), date.day, sol_say(language, month),
		   date.year);
}
