/* words.c - see words.h. */
#include "words.h"

#include "words_internal.h"

static char lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool is_blank(uint8_t c)
{
	return c <= ' ' || c == 0x7f;
}

/* "550", "550-5.1.1", "5.1.1": they would stand in the middle of a phrase that spans lines. */
static bool is_code(struct slice token)
{
	bool has_digits = token.len >= 3 && strchr("245", token.bytes[0]);

	for (size_t i = 0; i < token.len && has_digits; i++)
		has_digits = (token.bytes[i] >= '0' && token.bytes[i] <= '9') || token.bytes[i] == '-' || token.bytes[i] == '.';
	return has_digits;
}

/* Of a URL only the host: the rest says what the page is about, not the answer. */
static struct slice without_path(struct slice token)
{
	const uint8_t *at = memmem(token.bytes, token.len, "://", 3), *end;
	size_t left;

	if (!at)
		return token;
	at += 3;
	left = (size_t)(token.bytes + token.len - at);
	end = memchr(at, '/', left);
	return slice_of(at, end ? (size_t)(end - at) : left);
}

static bool is_dropped(struct slice token)
{
	return !token.len || memchr(token.bytes, '@', token.len) || is_code(token);
}

size_t words_prepare(struct slice text, char ret[WORDS_TEXT_MAX_BYTES + 1])
{
	size_t len = 0, to;

	for (size_t from = 0; from < text.len && len + 1 < WORDS_TEXT_MAX_BYTES; from = to) {
		struct slice token;

		for (; from < text.len && is_blank(text.bytes[from]); from++)
			;
		for (to = from; to < text.len && !is_blank(text.bytes[to]); to++)
			;
		token = without_path(slice_of(text.bytes + from, to - from));
		if (is_dropped(token))
			continue;
		if (len)
			ret[len++] = ' ';
		for (size_t i = 0; i < token.len && len < WORDS_TEXT_MAX_BYTES; i++) {
			/* U+2019, which typographers write for an apostrophe */
			if (i + 2 < token.len && memcmp(token.bytes + i, "\xe2\x80\x99", 3) == 0) {
				ret[len++] = '\'';
				i += 2;
			} else {
				ret[len++] = lower(token.bytes[i]);
			}
		}
	}
	ret[len] = '\0';
	return len;
}

bool words_judge(const char *prepared, struct words_verdict *ret)
{
	for (const struct phrase_group *group = phrase_groups; group->phrases; group++) {
		for (const char *const *phrase = group->phrases; *phrase; phrase++) {
			if (!strstr(prepared, *phrase))
				continue;
			*ret = (struct words_verdict){group->kind, group->is_weak};
			return true;
		}
	}
	return false;
}

bool words_say_delayed(const char *prepared)
{
	static const char *const phrases_of_delay[] = {
	    "this is a warning", "has not yet been delivered", "has been delayed",
	    "still being retried", "will be retried", "will keep trying",
	    "delivery is delayed", "no action is required on your part",
	};

	for (size_t i = 0; i < sizeof(phrases_of_delay) / sizeof(*phrases_of_delay); i++)
		if (strstr(prepared, phrases_of_delay[i]))
			return true;
	return false;
}
