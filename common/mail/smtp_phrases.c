/* smtp_phrases.c - looks the table of smtp_phrases.h up. */
#include "smtp_phrases.h"

#include "smtp_phrases_internal.h"

static bool is_of_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* How many bytes of text the phrase takes; 0 when it does not begin there. */
static size_t fits(const char *text, const char *phrase)
{
	size_t len = 0;

	while (phrase[len] && phrase[len] != '*') {
		if (text[len] != phrase[len] && !(phrase[len] == '\'' && text[len] == '?'))
			return 0;
		len++;
	}
	if (phrase[len] != '*' && is_of_word(phrase[len - 1]) && is_of_word(text[len]))
		return 0;
	return len;
}

static bool has_phrase(const char *text, const char *phrase)
{
	for (const char *at = text; (at = strchr(at, phrase[0])); at++)
		if ((at == text || !is_of_word(*phrase) || !is_of_word(at[-1])) && fits(at, phrase))
			return true;
	return false;
}

/* Which words a text may have, by their first three bytes: most phrases need not be looked for. */
enum { START_BYTES = 3, STARTS = 4096 };
struct starts {
	uint64_t bits[STARTS / 64];
};

static unsigned start_of(const char *word)
{
	return ((unsigned)word[0] << 6 ^ (unsigned)word[1] << 3 ^ (unsigned)word[2]) % STARTS;
}

static void note_starts(const char *text, struct starts *ret)
{
	*ret = (struct starts){0};
	for (const char *at = text; at[0] && at[1] && at[2]; at++)
		if (at == text || !is_of_word(at[-1]))
			ret->bits[start_of(at) / 64] |= 1ull << start_of(at) % 64;
}

static bool may_have(const struct starts *starts, const char *phrase)
{
	for (size_t i = 0; i < START_BYTES; i++)
		if (!is_of_word(phrase[i]))
			return true;
	return starts->bits[start_of(phrase) / 64] >> start_of(phrase) % 64 & 1;
}

bool phrases_judge(const char *prepared, enum bounce_kind code, struct phrase_verdict *ret)
{
	struct starts starts;

	note_starts(prepared, &starts);
	for (const struct phrase_group *group = phrase_groups; group->phrases; group++) {
		if (group->verdict.is_doubt && code != BOUNCE_HARD)
			continue;
		for (const char *const *phrase = group->phrases; *phrase; phrase++) {
			if (!may_have(&starts, *phrase) || !has_phrase(prepared, *phrase))
				continue;
			*ret = group->verdict;
			ret->phrase = *phrase;
			return true;
		}
	}
	return false;
}

bool phrases_say_delayed(const char *prepared)
{
	static const char *const phrases_of_delay[] = {
	    "this is a warning",   "has not yet been delivered",
	    "has been delayed",    "still being retried",
	    "will be retried",     "will keep trying",
	    "delivery is delayed", "no action is required on your part",
	};

	for (size_t i = 0; i < sizeof(phrases_of_delay) / sizeof(*phrases_of_delay); i++)
		if (has_phrase(prepared, phrases_of_delay[i]))
			return true;
	return false;
}
