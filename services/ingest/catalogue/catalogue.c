/* catalogue.c - see catalogue.h. */
#include "catalogue.h"

#include <stddef.h>
#include <stdlib.h>
#include <strings.h>

#include "common/base/text.h"
#include "common/codec/csv.h"
#include "common/message/event_mend.h"

enum { LINE_MAX_BYTES = 200, FIRST_ROWS = 256 };

/* What a column may be called, and where its value goes. */
static const struct column {
	const char *name;
	size_t offset;
} columns[] = {
    {"sku", offsetof(struct catalogue_row, key)},
    {"id", offsetof(struct catalogue_row, key)},
    {"product_id", offsetof(struct catalogue_row, key)},
    {"sku_or_product_id", offsetof(struct catalogue_row, key)},
    {"category", offsetof(struct catalogue_row, category)},
    {"name", offsetof(struct catalogue_row, name)},
    {"url", offsetof(struct catalogue_row, url)},
    {"image", offsetof(struct catalogue_row, image)},
    {"gtin", offsetof(struct catalogue_row, gtin)},
};
enum { COLUMN_COUNT = sizeof(columns) / sizeof(*columns) };

struct layout {
	const struct column *of[CSV_FIELDS_MAX]; /* NULL: a column of somebody else's */
	size_t count;
};

static const struct column *column_of(const char *name)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		if (strcasecmp(name, columns[i].name) == 0)
			return &columns[i];
	return NULL;
}

static bool has(const struct layout *layout, size_t offset)
{
	for (size_t i = 0; i < layout->count; i++)
		if (layout->of[i] && layout->of[i]->offset == offset)
			return true;
	return false;
}

static int read_names(const char *const *names, size_t count, struct layout *ret, struct err *err)
{
	ret->count = count;
	for (size_t i = 0; i < count; i++) {
		ret->of[i] = column_of(names[i]);
		for (size_t j = 0; ret->of[i] && j < i; j++)
			if (ret->of[j] && ret->of[j]->offset == ret->of[i]->offset)
				return err_config(err,
						  "line 1: expected one column for each thing, "
						  "found %s and %s",
						  names[j], names[i]);
	}
	if (!has(ret, offsetof(struct catalogue_row, key)) ||
	    !has(ret, offsetof(struct catalogue_row, category)))
		return err_config(err, "line 1: expected the names of the columns, sku and "
				       "category among them (sku,category,name,url,image,gtin)");
	return 0;
}

static int check_row(const struct catalogue_row *row, struct err *err)
{
	char shown[TEXT_SHOWN_BYTES];

	if (!*row->key && !row->is_pattern)
		return err_config(err, "line %u: expected a sku or product id, found none",
				  row->line);
	if (!text_is_utf8(slice_text(row->key)) || !text_is_utf8(slice_text(row->category)) ||
	    !text_is_utf8(slice_text(row->name)))
		return err_config(err, "line %u: expected UTF-8", row->line);
	if (strlen(row->category) > LINE_MAX_BYTES || !text_is_printable(slice_text(row->category)))
		return err_config(err,
				  "line %u: expected a category of at most %d printable bytes, "
				  "found \"%s\"",
				  row->line, LINE_MAX_BYTES,
				  text_shown(slice_text(row->category), shown));
	return 0;
}

/* Would an event with these texts be taken? */
static int check_texts(const struct catalogue_row *row, struct err *err)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__Order order = NURTURE__V1__ORDER__INIT;
	Nurture__V1__Item item = NURTURE__V1__ITEM__INIT, *items[] = {&item};
	const char *what;

	catalogue_fill(row, &item);
	order.n_items = 1;
	order.items = items;
	event.customer = &customer;
	event.order = &order;
	if (event_mend(&event) == 0)
		return 0;
	what = strcmp(item.name, row->name) != 0     ? "a name of at most 200 printable bytes"
	       : strcmp(item.gtin, row->gtin) != 0   ? "a gtin of 8, 12, 13 or 14 digits"
	       : strcmp(item.image, row->image) != 0 ? "an image at https:// or http://"
						     : "a url that begins with https:// or http://";
	return err_config(err, "line %u: expected %s, or nothing", row->line, what);
}

/* A '*' at the end of a key makes it a pattern. */
static void mark_pattern(struct catalogue_row *row, struct arena *arena)
{
	size_t len = strlen(row->key);

	row->is_pattern = len && row->key[len - 1] == '*';
	if (row->is_pattern)
		row->key = arena_copy(arena, row->key, len - 1);
}

/* Whole keys before patterns; those ascending, these by length. */
static int compare_rows(const void *a, const void *b)
{
	const struct catalogue_row *x = a, *y = b;
	size_t x_len = strlen(x->key), y_len = strlen(y->key);

	if (x->is_pattern != y->is_pattern)
		return x->is_pattern ? 1 : -1;
	if (x->is_pattern && x_len != y_len)
		return x_len < y_len ? 1 : -1;
	return strcmp(x->key, y->key);
}

static int settle(struct catalogue *catalogue, struct err *err)
{
	qsort(catalogue->rows, catalogue->count, sizeof(*catalogue->rows), compare_rows);
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct catalogue_row *row = &catalogue->rows[i];
		char shown[TEXT_SHOWN_BYTES];

		catalogue->key_count += !row->is_pattern;
		if (i == 0 || compare_rows(row - 1, row) != 0)
			continue;
		return err_config(err, "line %u: \"%s%s\" stands in line %u already", row->line,
				  text_shown(slice_text(row->key), shown),
				  row->is_pattern ? "*" : "", row[-1].line);
	}
	return 0;
}

static struct catalogue_row *room_for_one(struct catalogue *catalogue, struct arena *arena)
{
	size_t count = catalogue->count;

	/* It doubles whenever it is full, which is at powers of two. */
	if (count == 0 || (count >= FIRST_ROWS && (count & (count - 1)) == 0)) {
		size_t room = count ? 2 * count : FIRST_ROWS;
		struct catalogue_row *rows = arena_alloc(arena, room * sizeof(*rows));

		if (count)
			memcpy(rows, catalogue->rows, count * sizeof(*rows));
		catalogue->rows = rows;
	}
	return &catalogue->rows[catalogue->count++];
}

/*
 * The next row's fields as texts. Blanks around them are nobody's: no shop's sku begins with one.
 * Returns as csv_next(), and -1 for what would be cut without a word.
 */
static int next_row(struct csv *csv, size_t most, struct arena *arena,
		    const char *ret[CSV_FIELDS_MAX], size_t *ret_count, struct err *err)
{
	struct slice fields[CSV_FIELDS_MAX];
	int r = csv_next(csv, arena, fields, ret_count, err);

	if (r <= 0)
		return r;
	if (*ret_count > most)
		return err_set(err, "line %d: expected at most %zu fields as in line 1, found %zu",
			       csv->line, most, *ret_count);
	for (size_t i = 0; i < *ret_count; i++) {
		struct slice field = slice_trim(fields[i], " \t\r");

		if (field.len && memchr(field.bytes, '\0', field.len))
			return err_set(err, "line %d: expected text, found a NUL", csv->line);
		ret[i] = arena_copy(arena, field.bytes, field.len);
	}
	return 1;
}

static int read_row(const struct layout *layout, const char *const *fields, size_t count, int line,
		    struct arena *arena, struct catalogue *ret, struct err *err)
{
	struct catalogue_row row = {.key = "",
				    .category = "",
				    .name = "",
				    .url = "",
				    .image = "",
				    .gtin = "",
				    .line = (unsigned)line};

	if (count == 1 && !*fields[0]) /* an empty line */
		return 0;
	if (ret->count == CATALOGUE_ROWS_MAX)
		return err_config(err, "line %d: expected at most %d rows", line,
				  CATALOGUE_ROWS_MAX);
	for (size_t i = 0; i < count; i++)
		if (layout->of[i])
			*(const char **)((char *)&row + layout->of[i]->offset) = fields[i];
	mark_pattern(&row, arena);
	if (check_row(&row, err) < 0 || check_texts(&row, err) < 0)
		return -1;
	*room_for_one(ret, arena) = row;
	return 0;
}

static int read_text(struct slice text, struct arena *arena, struct catalogue *ret, struct err *err)
{
	struct csv csv = csv_of_export(text);
	const char *fields[CSV_FIELDS_MAX];
	struct layout layout = {0};
	size_t count;
	int r = next_row(&csv, CSV_FIELDS_MAX, arena, fields, &count, err);

	if (r == 0)
		return err_set(err, "line 1: expected the names of the columns, found nothing");
	if (r == 1 && read_names(fields, count, &layout, err) < 0)
		return -1;
	while (r == 1 && (r = next_row(&csv, layout.count, arena, fields, &count, err)) == 1)
		if (read_row(&layout, fields, count, csv.line, arena, ret, err) < 0)
			return -1;
	return r < 0 ? -1 : settle(ret, err);
}

int catalogue_read(struct slice bytes, struct arena *arena, struct catalogue *ret, struct err *err)
{
	char *text;
	size_t len;
	int r;

	*ret = (struct catalogue){.encoding = text_encoding_guess(bytes)};
	id_of(ret->hash, &bytes, 1);
	r = text_encoding_convert(bytes, ret->encoding, &text, &len, err);
	if (r == 0) {
		r = read_text(slice_of(text, len), arena, ret, err);
		free(text);
	}
	if (r < 0)
		err->kind = ERR_CONFIG;
	return r;
}

static int compare_key(const void *key, const void *row)
{
	return strcmp(key, ((const struct catalogue_row *)row)->key);
}

static const struct catalogue_row *find_pattern(const struct catalogue *catalogue, const char *key)
{
	for (size_t i = catalogue->key_count; i < catalogue->count; i++) {
		const struct catalogue_row *row = &catalogue->rows[i];

		if (strncmp(key, row->key, strlen(row->key)) == 0)
			return row;
	}
	return NULL;
}

const struct catalogue_row *catalogue_find(const struct catalogue *catalogue,
					   const char *const *keys, size_t count)
{
	const struct catalogue_row *ret = NULL;

	for (size_t i = 0; i < count && !ret; i++)
		if (*keys[i] && catalogue->key_count)
			ret = bsearch(keys[i], catalogue->rows, catalogue->key_count,
				      sizeof(*catalogue->rows), compare_key);
	for (size_t i = 0; i < count && !ret; i++)
		if (*keys[i])
			ret = find_pattern(catalogue, keys[i]);
	return ret;
}

static void fill(char **text, const char *value)
{
	if (!**text)
		*text = (char *)value;
}

void catalogue_fill(const struct catalogue_row *row, Nurture__V1__Item *item)
{
	fill(&item->category, row->category);
	fill(&item->name, row->name);
	fill(&item->url, row->url);
	fill(&item->image, row->image);
	fill(&item->gtin, row->gtin);
}
