/* catalogue_csv.c - see catalogue_csv.h. */
#include "catalogue_csv.h"

#include "common/codec/csv_mark.h"

struct catalogue_csv catalogue_csv_of(struct slice text)
{
	if (text.len >= 3 && memcmp(text.bytes, "\xef\xbb\xbf", 3) == 0)
		text = slice_of(text.bytes + 3, text.len - 3);
	return (struct catalogue_csv){.rest = text, .next_line = 1, .mark = csv_mark(text)};
}

static void advance(struct catalogue_csv *csv, size_t count)
{
	csv->rest = slice_of(csv->rest.bytes + count, csv->rest.len - count);
}

static const char *plain_field(struct catalogue_csv *csv, struct arena *arena)
{
	struct slice field;
	size_t len = 0;

	while (len < csv->rest.len && csv->rest.bytes[len] != (uint8_t)csv->mark &&
	       csv->rest.bytes[len] != '\n')
		len++;
	field = slice_trim(slice_of(csv->rest.bytes, len), " \t\r");
	advance(csv, len);
	return arena_copy(arena, field.bytes, field.len);
}

/* The length up to the quote that closes; two quotes are one. False: none does. */
static bool find_quote(struct slice text, size_t *ret)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.bytes[i] != '"')
			continue;
		if (i + 1 == text.len || text.bytes[i + 1] != '"') {
			*ret = i;
			return true;
		}
		i++;
	}
	return false;
}

/* Behind the opening quote; NULL: none closes it. */
static const char *quoted_field(struct catalogue_csv *csv, struct arena *arena)
{
	size_t end, len = 0;
	char *ret;

	if (!find_quote(csv->rest, &end))
		return NULL;
	ret = arena_alloc(arena, end + 1);
	for (size_t i = 0; i < end; i++) {
		uint8_t c = csv->rest.bytes[i];

		csv->next_line += c == '\n';
		ret[len++] = (char)c;
		i += c == '"';
	}
	ret[len] = '\0';
	advance(csv, end + 1);
	return ret;
}

static const char *field(struct catalogue_csv *csv, struct arena *arena)
{
	const char *ret;

	if (!csv->rest.len || csv->rest.bytes[0] != '"')
		return plain_field(csv, arena);
	advance(csv, 1);
	ret = quoted_field(csv, arena);
	/* what stands between the quote and the mark is nobody's */
	while (csv->rest.len && csv->rest.bytes[0] != (uint8_t)csv->mark &&
	       csv->rest.bytes[0] != '\n')
		advance(csv, 1);
	return ret;
}

int catalogue_csv_next(struct catalogue_csv *csv, struct arena *arena,
		       const char *ret[CATALOGUE_FIELDS_MAX], size_t *ret_count)
{
	size_t count = 0;

	if (!csv->rest.len)
		return 0;
	csv->line = csv->next_line;
	for (;;) {
		if (count == CATALOGUE_FIELDS_MAX)
			return -1;
		ret[count] = field(csv, arena);
		if (!ret[count++])
			return -1;
		if (!csv->rest.len || csv->rest.bytes[0] == '\n')
			break;
		advance(csv, 1);
	}
	if (csv->rest.len)
		advance(csv, 1);
	csv->next_line++;
	*ret_count = count;
	return 1;
}
