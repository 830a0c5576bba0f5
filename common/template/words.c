/* words.c - see words.h: which languages there are, and what is said in one. */
#include "words_internal.h"

#include <stdlib.h>

#include "common/base/locale.h"

struct words *words_new(void)
{
	struct words *words = calloc(1, sizeof(*words));

	if (!words)
		abort();
	return words;
}

void words_free(struct words *words)
{
	if (!words)
		return;
	arena_free(&words->arena);
	free(words);
}

unsigned words_languages(const struct words *words)
{
	return words->language_count;
}

const char *words_tag(const struct words *words, unsigned language)
{
	return words->languages[language]->tag;
}

const char *words_own_name(const struct words *words, unsigned language)
{
	return words->languages[language]->own_name;
}

bool words_find(const struct words *words, struct slice tag, unsigned *ret)
{
	if (!locale_is_tag(tag))
		return false;
	for (; tag.len; tag = locale_wider(tag))
		for (unsigned i = 0; i < words->language_count; i++)
			if (locale_equal(tag, slice_text(words->languages[i]->tag))) {
				*ret = i;
				return true;
			}
	return false;
}

int words_key(const struct words *words, struct slice key)
{
	for (size_t i = 0; i < words->key_count; i++)
		if (slice_equal(slice_text(words->keys[i]), key))
			return (int)i;
	return -1;
}

bool words_has(const struct words *words, struct slice key)
{
	return words_key(words, key) >= 0;
}

static const char *say(const struct words *words, unsigned language, size_t key)
{
	const char *text = words->languages[language]->texts[key];

	return text ? text : words->languages[WORDS_ENGLISH]->texts[key];
}

const char *words_say(const struct words *words, unsigned language, const char *key)
{
	int found = words_key(words, slice_text(key));

	return found < 0 ? "" : say(words, language, (size_t)found);
}

const char *words_next_missing(const struct words *words, unsigned language, size_t *at)
{
	for (; *at < words->key_count; (*at)++)
		if (!words->languages[language]->texts[*at])
			return words->keys[(*at)++];
	return NULL;
}

bool words_next_place(const char *text, struct slice *ret_name, const char **ret_from,
		      const char **ret_to)
{
	const char *from = strchr(text, '{'), *to = from ? strchr(from, '}') : NULL;

	if (!to)
		return false;
	*ret_name = slice_of(from + 1, (size_t)(to - from - 1));
	*ret_from = from;
	*ret_to = to + 1;
	return true;
}

const char *words_fill(const char *text, const struct model *values, struct arena *arena)
{
	struct buf filled = BUF_MAX(WORDS_FILE_MAX_BYTES);
	const char *from, *to;
	struct slice name, all;

	while (words_next_place(text, &name, &from, &to)) {
		const struct mustache_value *value = model_find(values, name);

		buf_add(&filled, text, (size_t)(from - text));
		if (value && value->kind == MUSTACHE_TEXT)
			buf_add(&filled, value->text.bytes, value->text.len);
		else
			buf_add(&filled, from, (size_t)(to - from));
		text = to;
	}
	buf_text(&filled, text);
	all = buf_slice(&filled);
	text = arena_copy(arena, all.bytes, all.len);
	buf_free(&filled);
	return text;
}

void words_put(const struct words *words, unsigned language, struct model *page)
{
	struct model all = model_object(page->arena);

	for (size_t i = 0; i < words->key_count; i++) {
		const char *text = say(words, language, i);

		model_text(&all, words->keys[i],
			   strchr(text, '{') ? words_fill(text, page, page->arena) : text);
	}
	model_add(page, "words", &all);
}
