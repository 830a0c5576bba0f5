/* words_fuzz.c - catalogues of anybody, and pages: what is taken can be shown. */
#include <stdlib.h>

#include "services/review-solicitor/pages/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a visitor wrote is never markup, whatever the words around it: the form is always ours. */
static void show(const struct web_site *site)
{
	static const struct policy policy = {.shop = {.name = "Shop"},
					     .feedback = {.public_link = ""}};
	unsigned last = words_languages(site->words) - 1;
	struct buf out = BUF_MAX(4 * SOL_PAGE_MAX_BYTES);
	const struct sol_page page = {site, &policy, last, &out};

	sol_page_form(&page, "17", &(struct sol_form){4, "<b>"}, SOL_SAY_UNREADABLE);
	if (!buf_failed(&out) && !strstr(out.bytes, "&lt;b&gt;</textarea>"))
		abort();
	/* This one may be the shop's own: it may have any markup, and is only to be written. */
	sol_page_thanks(&page);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice bytes = slice_of(data, size);
	struct web_site site;
	struct err err;

	if (sol_site_begin(&site, &err) < 0)
		abort();
	if (words_add(site.words, "fr.yaml", "fr.yaml", bytes, &err) == 0)
		show(&site);
	web_site_close(&site);
	if (sol_site_begin(&site, &err) < 0)
		abort();
	if (page_set_replace(site.pages, "thanks.mustache", "thanks.mustache", bytes, &err) == 0 &&
	    sol_site_end(&site, &err) == 0)
		show(&site);
	web_site_close(&site);
	return 0;
}
