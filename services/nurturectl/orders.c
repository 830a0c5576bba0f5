/* orders.c - see orders.h. */
#include "orders.h"

#include <stdlib.h>

#include "common/base/civil.h"
#include "common/io/config.h"
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
					  "category, consent",
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

static int compare_times(const void *a, const void *b)
{
	const struct order_event *x = a, *y = b;

	if (x->time_ms != y->time_ms)
		return x->time_ms < y->time_ms ? -1 : 1;
	return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

static int compare_ids(struct slice a, struct slice b)
{
	int order = memcmp(a.bytes, b.bytes, a.len < b.len ? a.len : b.len);

	if (order == 0 && a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return order;
}

static int compare_customers(const void *a, const void *b)
{
	const struct order_event *x = a, *y = b;
	int order = compare_ids(x->customer, y->customer);

	return order ? order : compare_times(a, b);
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

/* Counts what is there, and leaves it in order of time. */
static void count(struct orders *orders)
{
	orders->customers = orders->placed = 0;
	orders->last_placed_ms = INT64_MIN;
	orders_by_customer(orders);
	for (size_t i = 0; i < orders->count; i++) {
		const struct order_event *event = &orders->events[i];

		orders->customers +=
		    i == 0 || !slice_equal(event->customer, orders->events[i - 1].customer);
		if (event->kind != ORDER_PLACED)
			continue;
		orders->placed++;
		if (event->time_ms > orders->last_placed_ms)
			orders->last_placed_ms = event->time_ms;
	}
	qsort(orders->events, orders->count, sizeof(*orders->events), compare_times);
	orders->is_by_customer = false;
	orders->first_ms = orders->events[0].time_ms;
	orders->last_ms = orders->events[orders->count - 1].time_ms;
	if (orders->placed == 0)
		orders->last_placed_ms = orders->last_ms;
}

int orders_cut(struct orders *orders, int64_t until_ms, struct err *err)
{
	char text[RFC3339_BYTES];
	size_t kept = 0;

	for (size_t i = 0; i < orders->count; i++)
		if (orders->events[i].time_ms < until_ms)
			orders->events[kept++] = orders->events[i];
	if (kept == 0)
		return err_config(err, "--until: expected a time after the first event, %s",
				  rfc3339_text(orders->first_ms, text));
	orders->count = kept;
	count(orders);
	return 0;
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
	count(&orders);
	*ret = orders;
	return 0;
}

void orders_free(struct orders *orders)
{
	free(orders->events);
	arena_free(&orders->arena);
	*orders = (struct orders){0};
}

void orders_by_customer(struct orders *orders)
{
	if (!orders->is_by_customer)
		qsort(orders->events, orders->count, sizeof(*orders->events), compare_customers);
	orders->is_by_customer = true;
}

size_t orders_of_customer(const struct orders *orders, struct slice customer, size_t *ret_count)
{
	size_t from = 0, to = orders->count, first;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (compare_ids(orders->events[middle].customer, customer) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	for (first = from; from < orders->count; from++)
		if (!slice_equal(orders->events[from].customer, customer))
			break;
	*ret_count = from - first;
	return first;
}
