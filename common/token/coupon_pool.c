/* coupon_pool.c - see coupon_pool.h. */
#include "coupon_pool.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/base/text.h"

static struct slice without_mark(struct slice text)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (text.len >= 3 && memcmp(text.bytes, mark, 3) == 0)
		return slice_of(text.bytes + 3, text.len - 3);
	return text;
}

/* Returns the next line without its end; *rest becomes what follows. */
static struct slice next_line(struct slice *rest)
{
	const uint8_t *end = memchr(rest->bytes, '\n', rest->len);
	size_t len = end ? (size_t)(end - rest->bytes) : rest->len;
	struct slice line = slice_of(rest->bytes, len);

	*rest = slice_of(rest->bytes + len, rest->len - len);
	if (end)
		*rest = slice_of(rest->bytes + 1, rest->len - 1);
	if (line.len > 0 && line.bytes[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool is_code(struct slice line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.bytes[i] <= ' ' || line.bytes[i] > '~')
			return false;
	return line.len > 0 && line.len <= COUPON_POOL_CODE_MAX_BYTES;
}

static uint32_t count_lines(struct slice text)
{
	uint32_t count = 0;

	for (; text.len > 0; count++)
		next_line(&text);
	return count;
}

int coupon_pool_parse(struct slice text, const char *file, struct arena *arena,
		      struct coupon_pool *ret, struct err *err)
{
	struct slice rest = without_mark(text);
	uint32_t count = count_lines(rest);
	char shown[TEXT_SHOWN_BYTES];
	const char **codes;

	if (text.len > COUPON_POOL_MAX_BYTES)
		return err_set(err, "%s: expected at most %d bytes, found %zu", file,
			       COUPON_POOL_MAX_BYTES, text.len);
	if (count == 0)
		return err_set(err, "%s: expected codes, one a line; it is empty", file);
	codes = arena_alloc(arena, count * sizeof(*codes));
	for (uint32_t i = 0; i < count; i++) {
		struct slice line = next_line(&rest);

		if (!is_code(line))
			return err_set(err,
				       "%s:%u: expected a code of 1 to %d printable ASCII "
				       "characters without blanks, found \"%s\"",
				       file, i + 1, COUPON_POOL_CODE_MAX_BYTES,
				       text_shown(line, shown));
		codes[i] = arena_copy(arena, line.bytes, line.len);
	}
	*ret = (struct coupon_pool){.file = file, .codes = codes, .count = count};
	return 0;
}

struct place {
	uint32_t pool, line; /* line 0: the place is empty */
};

struct places {
	struct place *table;
	size_t mask;
};

static int put(const struct coupon_pool *pools, struct places *places, struct place place,
	       struct err *err)
{
	const char *code = pools[place.pool].codes[place.line - 1];
	size_t at = hash64(slice_text(code)) & places->mask;

	for (; places->table[at].line; at = (at + 1) & places->mask) {
		const struct place *other = &places->table[at];

		if (strcmp(pools[other->pool].codes[other->line - 1], code) == 0)
			return err_set(err,
				       "%s:%u: the code %s stands in %s:%u too; expected each code "
				       "once, or two people would get it",
				       pools[place.pool].file, place.line, code,
				       pools[other->pool].file, other->line);
	}
	places->table[at] = place;
	return 0;
}

int coupon_pools_check(const struct coupon_pool *pools, size_t count, struct err *err)
{
	struct places places = {.mask = 1};
	size_t codes = 0;
	int r = 0;

	for (size_t i = 0; i < count; i++)
		codes += pools[i].count;
	while (places.mask < 2 * codes)
		places.mask *= 2;
	places.table = calloc(places.mask, sizeof(*places.table));
	if (!places.table)
		abort();
	places.mask--;
	for (size_t i = 0; r == 0 && i < count; i++)
		for (uint32_t k = 0; r == 0 && k < pools[i].count; k++)
			r = put(pools, &places, (struct place){(uint32_t)i, k + 1}, err);
	free(places.table);
	return r;
}
