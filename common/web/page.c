/* page.c - see page.h. */
#include "page.h"

static bool find(const struct web_site *site, const char *tag, unsigned *ret)
{
	return tag && words_find(site->words, slice_text(tag), ret);
}

unsigned web_language(const struct web_site *site, const struct web_languages *said)
{
	unsigned ret = WORDS_ENGLISH;

	if (find(site, said->form, &ret) || find(site, said->asked, &ret) ||
	    find(site, said->own, &ret) ||
	    (said->accepted && words_accepted(site->words, slice_text(said->accepted), &ret)))
		return ret;
	return WORDS_ENGLISH;
}

struct model web_model_begin(const struct web_site *site, unsigned language, struct arena *arena)
{
	const struct words *words = site->words;
	struct model model = model_object(arena), others = model_list(arena);

	model_text(&model, "language", words_tag(words, language));
	for (unsigned i = 0; i < words_languages(words); i++) {
		struct model other = model_object(arena);

		if (i == language)
			continue;
		model_text(&other, "tag", words_tag(words, i));
		model_text(&other, "own_name", words_own_name(words, i));
		model_add(&others, "", &other);
	}
	model_add(&model, "other_languages", &others);
	return model;
}

void web_render(const struct web_site *site, unsigned language, const char *name,
		struct model *model, struct buf *out)
{
	struct mustache_value values;
	struct err err;

	words_put(site->words, language, model);
	values = model_value(model);
	/* The template was checked at start; a page that is too large fails the buffer. */
	if (page_set_render(site->pages, name, &values, out, &err) < 0)
		out->failed = true;
}
