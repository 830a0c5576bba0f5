/* strings.c - see strings.h. */
#include "strings.h"

static const char *const keys[SOL_WORD_COUNT] = {
#define X(name, key) [SOL_SAY_##name] = key,
    SOL_WORDS(X)
#undef X
};

const char *sol_word_key(enum sol_word word)
{
	return keys[word];
}

const char *sol_say(const struct words *words, unsigned language, enum sol_word word)
{
	return words_say(words, language, keys[word]);
}

const char *sol_said(const struct words *words, unsigned language, enum sol_word word,
		     const char *name, const char *value, struct arena *arena)
{
	struct model values = model_object(arena);

	model_text(&values, name, value);
	return words_fill(sol_say(words, language, word), &values, arena);
}

const char *sol_date(const struct words *words, unsigned language, struct civil_date date,
		     struct arena *arena)
{
	enum sol_word month = (enum sol_word)(SOL_SAY_MONTH_1 + date.month - 1);
	struct model values = model_object(arena);

	model_printf(&values, "day", "%d", date.day);
	model_text(&values, "month", sol_say(words, language, month));
	model_printf(&values, "year", "%d", date.year);
	return words_fill(sol_say(words, language, SOL_SAY_DATE), &values, arena);
}
