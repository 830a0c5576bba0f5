/* voices_url.c - see voices_url.h. */
#include "voices_url.h"

#include <inttypes.h>

#include "common/base/text.h"

enum { PARAMETER_MAX_BYTES = 200, URL_MAX_BYTES = 8192 };

static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				 "0123456789-_.~";

static bool take(con_parameter get, void *context, const char *name, const char **ret)
{
	const char *value = get(context, name);

	*ret = value ? value : "";
	return strlen(*ret) <= PARAMETER_MAX_BYTES;
}

static bool uncover(con_parameter get, void *context, const char *name,
		    const struct token_keys *keys, const char *viewer, struct arena *arena,
		    const char **ret)
{
	const char *cover = get(context, name);
	char text[CON_ID_MAX_BYTES + 1];

	*ret = "";
	if (!cover || !*cover)
		return true;
	if (!con_cover_open(keys, viewer, slice_text(cover), text))
		return false;
	*ret = arena_text(arena, text);
	return true;
}

/* "4", "4-5"; "": any. */
static bool score_range(const char *text, int *ret_min, int *ret_max)
{
	*ret_min = *ret_max = 0;
	if (!*text)
		return true;
	if (text[0] < '1' || text[0] > '5')
		return false;
	*ret_min = *ret_max = text[0] - '0';
	if (!text[1])
		return true;
	if (text[1] != '-' || text[2] < text[0] || text[2] > '5' || text[3])
		return false;
	*ret_max = text[2] - '0';
	return true;
}

static bool take_before(con_parameter get, void *context, int64_t *ret)
{
	const char *text = get(context, "before");
	struct err ignored;

	*ret = VIEW_FROM_NEWEST;
	return !text || !*text || text_int64(slice_text(text), 1, INT64_MAX, ret, &ignored) == 0;
}

bool con_voices_read(con_parameter get, void *context, bool is_covered,
		     const struct token_keys *keys, const char *viewer, struct arena *arena,
		     struct con_voices_asked *ret)
{
	int min, max;
	bool has_words = is_covered ? uncover(get, context, "q", keys, viewer, arena, &ret->words)
				    : take(get, context, "q", &ret->words);

	return has_words && uncover(get, context, "of", keys, viewer, arena, &ret->customer) &&
	       take(get, context, "tag", &ret->tag) && take(get, context, "score", &ret->score) &&
	       take(get, context, "product", &ret->product) &&
	       take(get, context, "kind", &ret->kind) && take(get, context, "state", &ret->state) &&
	       take(get, context, "source", &ret->source) &&
	       take(get, context, "sort", &ret->sort) && score_range(ret->score, &min, &max) &&
	       take_before(get, context, &ret->before);
}

struct view_wanted con_voices_wanted(const struct con_voices_asked *asked)
{
	struct view_wanted wanted = {.words = slice_text(asked->words),
				     .customer = asked->customer,
				     .tag = asked->tag,
				     .product = asked->product,
				     .kind = asked->kind,
				     .state = asked->state,
				     .source = asked->source,
				     .best_first = strcmp(asked->sort, "best") == 0,
				     .before = asked->before};

	score_range(asked->score, &wanted.score_min, &wanted.score_max);
	return wanted;
}

static void put(struct buf *out, const char *name, const char *value)
{
	if (!*value)
		return;
	buf_printf(out, "%c%s=", out->len ? '&' : '?', name);
	for (; *value; value++)
		if (strchr(unreserved, *value))
			buf_char(out, *value);
		else
			buf_printf(out, "%%%02X", (unsigned char)*value);
}

static void put_cover(const struct con_page *page, struct buf *out, const char *name,
		      const char *value)
{
	char cover[CON_COVER_BYTES];

	if (!*value || !page->who || strlen(value) > CON_ID_MAX_BYTES)
		return;
	con_cover_make(page->key, page->who->address, value, cover);
	put(out, name, cover);
}

const char *con_voices_url(const struct con_page *page, const struct con_voices_asked *asked,
			   struct arena *arena)
{
	struct buf query = BUF_MAX(URL_MAX_BYTES);
	const char *url;

	put_cover(page, &query, "q", asked->words);
	put_cover(page, &query, "of", asked->customer);
	put(&query, "tag", asked->tag);
	put(&query, "score", asked->score);
	put(&query, "product", asked->product);
	put(&query, "kind", asked->kind);
	put(&query, "state", asked->state);
	put(&query, "source", asked->source);
	put(&query, "sort", asked->sort);
	if (asked->before != VIEW_FROM_NEWEST)
		put(&query, "before", arena_printf(arena, "%" PRId64, asked->before));
	url = arena_printf(arena, CON_VOICES_PATH "%s",
			   query.len && !buf_failed(&query) ? query.bytes : "");
	buf_free(&query);
	return url;
}

bool con_voices_is_url(const char *path)
{
	static const char begin[] = CON_VOICES_PATH;
	const size_t len = sizeof(begin) - 1;

	if (strncmp(path, begin, len) != 0 || (path[len] && path[len] != '?'))
		return false;
	for (path += len; *path; path++)
		if (!strchr(unreserved, *path) && !strchr("?&=%", *path))
			return false;
	return true;
}
