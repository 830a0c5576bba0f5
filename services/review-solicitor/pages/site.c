/* site.c - see site.h. */
#include "site.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "page_names.h"
#include "strings.h"

int sol_site_begin(struct sol_site *ret, struct err *err)
{
	*ret = (struct sol_site){.pages = page_set_new(), .words = words_new()};
	if (words_add_embedded(ret->words, err) < 0)
		return -1;
	return page_set_add_embedded(ret->pages, "deploy/pages/", err);
}

static bool knows(const void *context, const char *page, struct slice name)
{
	static const char prefix[] = "words.";
	const struct words *words = context;
	const size_t len = sizeof(prefix) - 1;

	if (name.len > len && memcmp(name.bytes, prefix, len) == 0)
		return words_has(words, slice_of(name.bytes + len, name.len - len));
	return sol_page_knows(page, name);
}

static int check_words(const struct words *words, struct err *err)
{
	for (unsigned i = 0; i < SOL_WORD_COUNT; i++)
		if (!words_has(words, slice_text(sol_word_key((enum sol_word)i))))
			return err_config(err, "deploy/words/en.yaml: %s is missing",
					  sol_word_key((enum sol_word)i));
	return 0;
}

/* The style as it stands on every page. */
static int render_style(const struct page_set *pages, struct buf *style, struct err *err)
{
	static const struct mustache_value nothing = {.name = "", .kind = MUSTACHE_OBJECT};
	const struct mustache *template = page_set_find(pages, slice_text("_style"));
	struct mustache_reference reference;
	size_t position = 0;

	if (template && mustache_next_reference(template, &position, &reference))
		return err_config(err,
				  "_style.mustache:%u: the style has no variables and no "
				  "pieces, for its hash is in the Content-Security-Policy",
				  reference.line);
	return page_set_render(pages, "_style", &nothing, style, err);
}

static int make_headers(struct sol_site *site, struct err *err)
{
	uint8_t digest[EVP_MAX_MD_SIZE], text[EVP_MAX_MD_SIZE * 2];
	struct buf style = BUF_MAX(MUSTACHE_SOURCE_MAX_BYTES);
	unsigned digest_len;
	int r = render_style(site->pages, &style, err);

	if (r == 0) {
		struct slice bytes = buf_slice(&style);

		if (!EVP_Digest(bytes.bytes, bytes.len, digest, &digest_len, EVP_sha256(), NULL))
			abort();
		EVP_EncodeBlock(text, digest, (int)digest_len);
		/* The page's address is a key: it must not go along when the public link is
		 * followed. */
		site->headers = arena_printf(
		    &site->arena,
		    "Content-Security-Policy: default-src 'none'; style-src 'sha256-%s'; "
		    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\n"
		    "Referrer-Policy: no-referrer",
		    (const char *)text);
	}
	buf_free(&style);
	return r;
}

int sol_site_end(struct sol_site *site, struct err *err)
{
	if (page_set_check(site->pages, knows, site->words, err) < 0 ||
	    check_words(site->words, err) < 0)
		return -1;
	return make_headers(site, err);
}

void sol_site_close(struct sol_site *site)
{
	page_set_free(site->pages);
	words_free(site->words);
	arena_free(&site->arena);
	*site = (struct sol_site){0};
}
