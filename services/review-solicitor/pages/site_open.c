/* site_open.c - reads the shop's own pages and words.  See site.h. */
#include <stdio.h>

#include "common/io/config/directory.h"
#include "site.h"

static int take_page(void *context, const char *path, const char *file, struct slice text,
		     struct err *err)
{
	return page_set_replace(context, path, file, text, err);
}

static int take_words(void *context, const char *path, const char *file, struct slice text,
		      struct err *err)
{
	return words_add(context, path, file, text, err);
}

int sol_site_open(struct web_site *ret, const char *pages_directory, const char *words_directory,
		  struct err *err)
{
	if (sol_site_begin(ret, err) < 0)
		return -1;
	if (words_directory[0] && directory_read(words_directory, ".yaml", WORDS_FILE_MAX_BYTES,
						 take_words, ret->words, err) < 0)
		return err_prefix(err, "NURTURE_WORDS");
	if (pages_directory[0] &&
	    directory_read(pages_directory, ".mustache", MUSTACHE_SOURCE_MAX_BYTES, take_page,
			   ret->pages, err) < 0)
		return err_prefix(err, "NURTURE_PAGES");
	return sol_site_end(ret, err);
}

void sol_site_print_missing(const struct web_site *site)
{
	for (unsigned i = 0; i < words_languages(site->words); i++) {
		const char *key;
		size_t at = 0;

		while ((key = words_next_missing(site->words, i, &at)))
			fprintf(stderr, "warning: %s.yaml has no %s: it is said in English\n",
				words_tag(site->words, i), key);
	}
}
