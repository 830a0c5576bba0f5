/* site.c - see site.h. */
#include "site.h"

#include <stdlib.h>

#include <openssl/evp.h>

int web_site_begin(struct web_site *ret, const char *pages_folder, const char *words_folder,
		   struct err *err)
{
	*ret = (struct web_site){.pages = page_set_new(), .words = words_new()};
	if (words_add_embedded(ret->words, words_folder, err) < 0)
		return -1;
	return page_set_add_embedded(ret->pages, pages_folder, err);
}

static bool is_among(const char *names, struct slice name)
{
	for (size_t len; *names; names += len + (names[len] == ' ')) {
		len = strcspn(names, " ");
		if (len == name.len && memcmp(names, name.bytes, len) == 0)
			return true;
	}
	return false;
}

struct check {
	const struct web_site *site;
	const struct web_rules *rules;
};

static bool knows(const void *context, const char *page, struct slice name)
{
	static const char prefix[] = "words.";
	const struct check *check = context;
	const struct web_rules *rules = check->rules;
	const size_t len = sizeof(prefix) - 1;

	if (name.len > len && memcmp(name.bytes, prefix, len) == 0)
		return words_has(check->site->words, slice_of(name.bytes + len, name.len - len));
	for (size_t i = 0; i < rules->name_count; i++)
		if ((!rules->names[i].page[0] || strcmp(rules->names[i].page, page) == 0) &&
		    is_among(rules->names[i].names, name))
			return true;
	return false;
}

static int check_words(const struct web_site *site, const struct web_rules *rules, struct err *err)
{
	for (size_t i = 0; i < rules->key_count; i++)
		if (!words_has(site->words, slice_text(rules->keys[i])))
			return err_config(err, "%s: %s is missing", rules->english, rules->keys[i]);
	return 0;
}

/* A piece as it stands on every page: what is hashed may have nothing that differs. */
static int render_piece(const struct page_set *pages, const char *name, struct buf *ret,
			struct err *err)
{
	static const struct mustache_value nothing = {.name = "", .kind = MUSTACHE_OBJECT};
	const struct mustache *template = page_set_find(pages, slice_text(name));
	struct mustache_reference reference;
	size_t position = 0;

	if (template && mustache_next_reference(template, &position, &reference))
		return err_config(err,
				  "%s.mustache:%u: the %s has no variables and no pieces, for its "
				  "hash is in the Content-Security-Policy",
				  name, reference.line, name + 1);
	return page_set_render(pages, name, &nothing, ret, err);
}

/* "'sha256-...'" of a piece, the arena's; "'none'" when there is no such piece. */
static int hash_piece(struct web_site *site, const char *name, const char **ret, struct err *err)
{
	uint8_t digest[EVP_MAX_MD_SIZE], text[EVP_MAX_MD_SIZE * 2];
	struct buf piece = BUF_MAX(MUSTACHE_SOURCE_MAX_BYTES);
	unsigned digest_len;
	int r;

	*ret = "'none'";
	if (!page_set_find(site->pages, slice_text(name)))
		return 0;
	r = render_piece(site->pages, name, &piece, err);
	if (r == 0) {
		struct slice bytes = buf_slice(&piece);

		if (!EVP_Digest(bytes.bytes, bytes.len, digest, &digest_len, EVP_sha256(), NULL))
			abort();
		EVP_EncodeBlock(text, digest, (int)digest_len);
		*ret = arena_printf(&site->arena, "'sha256-%s'", (const char *)text);
	}
	buf_free(&piece);
	return r;
}

static int make_headers(struct web_site *site, const char *others, struct err *err)
{
	const char *style, *script, *script_may = "";

	if (hash_piece(site, "_style", &style, err) < 0 ||
	    hash_piece(site, "_script", &script, err) < 0)
		return -1;
	if (script[1] != 'n')
		script_may =
		    arena_printf(&site->arena, "script-src %s; connect-src 'self'; ", script);
	site->headers =
	    arena_printf(&site->arena,
			 "Content-Security-Policy: default-src 'none'; style-src %s; %s"
			 "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\n%s",
			 style, script_may, others);
	return 0;
}

int web_site_end(struct web_site *site, const struct web_rules *rules, struct err *err)
{
	const struct check check = {site, rules};

	if (page_set_check(site->pages, knows, &check, err) < 0 ||
	    check_words(site, rules, err) < 0)
		return -1;
	return make_headers(site, rules->headers, err);
}

void web_site_close(struct web_site *site)
{
	page_set_free(site->pages);
	words_free(site->words);
	arena_free(&site->arena);
	*site = (struct web_site){0};
}
