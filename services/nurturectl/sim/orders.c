/* orders.c - see orders.h. */
#include "orders.h"

#include <stdlib.h>

#include "common/io/config/config.h"
#include "orders_row.h"

enum { FILE_MAX_BYTES = 1 << 30, EVENT_BYTES = 16 * 1024 };

static int column_of(struct slice name)
{
	for (int c = 0; c < COLUMN_COUNT; c++)
		if (slice_equal(name, slice_text(orders_column_names[c])))
			return c;
	return -1;
}

static int place_of(const struct orders_reader *reader, struct slice name)
{
	for (size_t i = 0; i < reader->field_count; i++)
		if (slice_equal(reader->fields[i], name))
			return (int)i;
	return -1;
}

/* "customer=customer_id,time=purchased_on" against the header line just read. */
static int map_columns(struct orders_reader *reader, const char *mapping, struct err *err)
{
	while (*mapping) {
		size_t len = strcspn(mapping, ","), name = strcspn(mapping, "=,");
		struct slice theirs;
		int column = column_of(slice_of(mapping, name));

		if (name >= len || column < 0)
			return err_config(err,
					  "--columns: \"%.*s\" is not NAME=COLUMN with one of the "
					  "names customer, time, amount, order, kind, email, name, "
					  "country, currency, time_zone, locale, birthday, "
					  "category, consent, starts_at, ends_at",
					  (int)len, mapping);
		theirs = slice_of(mapping + name + 1, len - name - 1);
		reader->places[column] = place_of(reader, theirs);
		if (reader->places[column] < 0)
			return err_config(err, "%s:1: there is no column \"%.*s\"",
					  reader->options->file, SLICE_ARGS(theirs));
		mapping += len + (mapping[len] == ',');
	}
	return 0;
}

static int read_header(struct orders_reader *reader, struct err *err)
{
	int r = csv_next(&reader->csv, &reader->orders->arena, reader->fields, &reader->field_count,
			 err);

	if (r < 0)
		return err_prefix(err, "%s", reader->options->file);
	if (r == 0)
		return err_set(err, "%s: is empty; expected a header line", reader->options->file);
	for (int c = 0; c < COLUMN_COUNT; c++)
		reader->places[c] = reader->options->columns
					? -1
					: place_of(reader, slice_text(orders_column_names[c]));
	if (reader->options->columns && map_columns(reader, reader->options->columns, err) < 0)
		return -1;
	if (reader->places[COLUMN_CUSTOMER] < 0 || reader->places[COLUMN_TIME] < 0)
		return err_config(
		    err,
		    "%s:1: which columns are customer and time? Say so with --columns "
		    "customer=COLUMN,time=COLUMN",
		    reader->options->file);
	return 0;
}

static int read_rows(struct orders_reader *reader, struct err *err)
{
	int r;

	while ((r = csv_next(&reader->csv, &reader->orders->arena, reader->fields,
			     &reader->field_count, err)) > 0) {
		for (size_t i = reader->field_count; i < CSV_FIELDS_MAX; i++)
			reader->fields[i] = slice_of("", 0);
		if (reader->field_count == 1 && reader->fields[0].len == 0)
			continue; /* an empty line */
		if (orders_add_row(reader, err) < 0)
			return -1;
		reader->orders->rows++;
	}
	return r < 0 ? err_prefix(err, "%s", reader->options->file) : 0;
}

int orders_read(const struct orders_options *options, struct orders *ret, struct err *err)
{
	struct orders orders = {0};
	struct orders_reader reader = {
	    .options = options, .orders = &orders, .json = BUF_MAX(EVENT_BYTES)};
	char *text;
	size_t len;
	int r;

	if (file_read(options->file, FILE_MAX_BYTES, &text, &len, err) < 0)
		return -1;
	reader.csv = csv_of(slice_of(text, len));
	r = read_header(&reader, err);
	if (r == 0)
		r = read_rows(&reader, err);
	if (r == 0 && orders.count == 0)
		r = err_set(err, "%s: no orders in it", options->file);
	buf_free(&reader.json);
	free(text);
	if (r < 0) {
		orders_free(&orders);
		return -1;
	}
	orders_count(&orders);
	*ret = orders;
	return 0;
}

void orders_free(struct orders *orders)
{
	free(orders->events);
	arena_free(&orders->arena);
	*orders = (struct orders){0};
}
