/* orders.c - see orders.h. */
#include "orders.h"

#include <stdlib.h>

#include "common/io/config/config.h"
#include "orders_row.h"

enum { FILE_MAX_BYTES = 1 << 30 };

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
	int r = orders_next_row(reader, err);

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

static void keep_categories(struct orders *orders, struct order_event *event)
{
	const char **kept = NULL;

	if (event->category_count)
		kept =
		    arena_alloc(&orders->arena, event->category_count * sizeof(*event->categories));
	for (unsigned i = 0; i < event->category_count; i++)
		kept[i] = arena_text(&orders->arena, event->categories[i]);
	event->categories = kept;
}

/* What counts of a row's events, which have all but their kinds and times in common. */
static void keep_events(struct orders *orders, struct orders_reader *reader, size_t row)
{
	struct order_event shared = reader->events[0];

	shared.customer.bytes =
	    (const uint8_t *)arena_copy(&orders->arena, shared.customer.bytes, shared.customer.len);
	shared.order = arena_text(&orders->arena, shared.order);
	shared.amount = arena_text(&orders->arena, shared.amount);
	keep_categories(orders, &shared);
	shared.row = row;
	for (size_t i = 0; i < reader->orders->count; i++) {
		shared.kind = reader->events[i].kind;
		shared.time_ms = reader->events[i].time_ms;
		shared.sequence = orders->count;
		orders->events[orders->count++] = shared;
	}
}

static void make_room(struct orders *orders, size_t *room)
{
	if (orders->count + ORDERS_ROW_EVENTS <= *room)
		return;
	*room = *room ? *room * 2 : 4096;
	orders->events = realloc(orders->events, *room * sizeof(*orders->events));
	if (!orders->events)
		abort();
}

static size_t place_in(const struct orders *orders, const struct orders_reader *reader)
{
	return (size_t)((const char *)reader->csv.rest.bytes - orders->text);
}

static int read_rows(struct orders *orders, struct orders_reader *reader, struct err *err)
{
	size_t room = 0, row = place_in(orders, reader);
	int r;

	while ((r = orders_next_row(reader, err)) > 0) {
		if (reader->field_count > 1 || reader->fields[0].len > 0) { /* no empty line */
			if (orders_add_row(reader, err) < 0)
				return -1;
			make_room(orders, &room);
			if (reader->orders->count)
				keep_events(orders, reader, row);
			orders->rows++;
		}
		arena_reset(&reader->orders->arena);
		reader->orders->count = 0;
		row = place_in(orders, reader);
	}
	return r < 0 ? err_prefix(err, "%s", reader->options->file) : 0;
}

static struct orders_options *keep_options(const struct orders_options *options,
					   struct arena *arena)
{
	struct orders_options *kept = arena_alloc(arena, sizeof(*kept));

	*kept = *options;
	kept->file = arena_text(arena, options->file);
	kept->columns = options->columns ? arena_text(arena, options->columns) : NULL;
	kept->currency = options->currency ? arena_text(arena, options->currency) : NULL;
	return kept;
}

static int read_text(struct orders *orders, struct slice text, struct err *err)
{
	struct orders_reader *reader = orders->reader;
	struct orders of_row = {0};
	int r;

	reader->orders = &of_row;
	reader->csv = csv_of(text);
	r = read_header(reader, err);
	if (r == 0)
		r = read_rows(orders, reader, err);
	orders->assumed = of_row.assumed;
	orders->nameless = of_row.nameless;
	arena_free(&of_row.arena);
	reader->orders = NULL;
	if (r == 0 && orders->count == 0)
		r = err_set(err, "%s: no orders in it", reader->options->file);
	return r;
}

int orders_read(const struct orders_options *options, struct orders *ret, struct err *err)
{
	struct orders orders = {0};

	if (file_read(options->file, FILE_MAX_BYTES, &orders.text, &orders.text_len, err) < 0)
		return -1;
	orders.reader = arena_zalloc(&orders.arena, sizeof(*orders.reader));
	orders.reader->options = keep_options(options, &orders.arena);
	orders.reader->json_of = ORDER_KINDS;
	if (read_text(&orders, slice_of(orders.text, orders.text_len), err) < 0) {
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
	free(orders->text);
	arena_free(&orders->arena);
	*orders = (struct orders){0};
}
