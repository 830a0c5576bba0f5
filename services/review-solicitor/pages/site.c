/* site.c - see site.h. */
#include "site.h"

#include "page_names.h"
#include "strings.h"

int sol_site_begin(struct web_site *ret, struct err *err)
{
	return web_site_begin(ret, "deploy/pages/", "deploy/words/", err);
}

int sol_site_end(struct web_site *site, struct err *err)
{
	const char *keys[SOL_WORD_COUNT];

	for (unsigned i = 0; i < SOL_WORD_COUNT; i++)
		keys[i] = sol_word_key((enum sol_word)i);
	return web_site_end(site,
			    &(struct web_rules){
				.names = sol_page_names,
				.name_count = sol_page_name_count,
				.keys = keys,
				.key_count = SOL_WORD_COUNT,
				.english = "deploy/words/en.yaml",
				/* The page's address is a key: it must not go along when the public
				 * link is followed. */
				.headers = "Referrer-Policy: no-referrer",
			    },
			    err);
}
