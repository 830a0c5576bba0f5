/* orders.c - see orders.h. */
#include "orders.h"

#include <stdlib.h>

#include "common/codec/text_encoding.h"
#include "common/io/config/config.h"
#include "gz_file.h"
#include "orders_door.h"
#include "orders_group.h"
#include "orders_lines.h"
#include "orders_reading.h"

enum { FILE_MAX_BYTES = 1 << 30, NOTES_SAID_BYTES = 280 };

static void set_reader(struct orders_reader *reader, const struct orders_options *options)
{
	const struct preset *preset = options->preset;

	reader->options = options;
	reader->time_format = options->time_format;
	reader->decimal = options->decimal;
	reader->has_lines = options->has_lines;
	reader->key_is_email = options->key == KEY_EMAIL;
	reader->json_of = ORDER_KINDS;
	reader->live_from_ms = options->live_from_ms;
	if (!preset)
		return;
	if (!reader->time_format)
		reader->time_format = preset->time_format;
	if (!reader->decimal)
		reader->decimal = preset->decimal;
	reader->has_lines |= preset->has_lines;
	if (options->key == KEY_DEFAULT)
		reader->key_is_email = preset->key_is_email;
	if (options->door)
		reader->key_is_email = options->door->source.key == SHOP_KEY_EMAIL;
}

/* For messages. */
static void keep_headers(struct orders *orders, const struct orders_reader *reader,
			 struct layout *layout)
{
	for (int column = 0; column < COLUMN_COUNT; column++) {
		struct slice name;

		if (!layout_has(layout, (enum column)column))
			continue;
		name = reader->fields[layout->columns[column].places[0][0]];
		layout->headers[column] = arena_copy(&orders->arena, name.bytes, name.len);
	}
}

/* A preset's columns, and over them those of --columns; without both they have their own names. */
static int make_layout(struct orders *orders, struct orders_reader *reader, struct err *err)
{
	const struct orders_options *options = reader->options;
	struct layout *layout = arena_zalloc(&orders->arena, sizeof(*layout));

	if (options->columns || options->preset)
		layout->field_count = reader->field_count;
	else
		layout_by_name(reader->fields, reader->field_count, layout);
	if (options->preset && layout_add(layout, options->preset->columns, true, reader->fields,
					  &orders->arena, err) < 0)
		return -1;
	if (options->columns &&
	    layout_add(layout, options->columns, false, reader->fields, &orders->arena, err) < 0)
		return err->kind == ERR_CONFIG && strncmp(err->text, "--columns", 9) == 0
			   ? -1
			   : err_prefix(err, "%s:%d", options->file, reader->csv.line);
	keep_headers(orders, reader, layout);
	reader->layout = layout;
	return 0;
}

static bool has_column(const struct orders_reader *reader, const char *name)
{
	for (size_t i = 0; i < reader->field_count; i++)
		if (slice_is(reader->fields[i], name))
			return true;
	return false;
}

static int check_layout(struct orders *orders, const struct orders_reader *reader, struct err *err)
{
	const struct orders_options *options = reader->options;
	const struct layout *layout = reader->layout;
	bool has_person = layout_has(layout, COLUMN_CUSTOMER) || layout_has(layout, COLUMN_EMAIL);

	if (options->preset && options->preset->wanted &&
	    !has_column(reader, options->preset->wanted))
		orders->assumed.without = options->preset->without;
	if (options->preset && (!has_person || !layout_has(layout, COLUMN_TIME)))
		return err_config(err,
				  "%s:%d: this does not look like an export of %s: no column is %s",
				  options->file, reader->csv.line, options->preset->name,
				  has_person ? "the time of an order" : "a customer or an address");
	if (!has_person || !layout_has(layout, COLUMN_TIME))
		return err_config(
		    err,
		    "%s:%d: which columns are customer and time? Say so with --columns "
		    "customer=COLUMN,time=COLUMN",
		    options->file, reader->csv.line);
	if (reader->has_lines && !layout_has(layout, COLUMN_ORDER))
		return err_config(err, "%s:%d: lines need a column order", options->file,
				  reader->csv.line);
	return 0;
}

/* Under which name the file has it. */
static void note_marketing(struct orders *orders, const struct orders_reader *reader)
{
	const struct layout *layout = reader->layout;

	if (!layout_has(layout, COLUMN_MARKETING) || layout_has(layout, COLUMN_CONSENT))
		return;
	orders->assumed.marketing = layout->headers[COLUMN_MARKETING];
	orders->assumed.only_marketing =
	    reader->options->is_live &&
	    (!reader->options->door ||
	     strcmp(reader->options->door->source.consent_class, "promotion") == 0);
}

int orders_read_header(struct orders *orders, struct orders_reader *reader, struct err *err)
{
	int r = orders_next_row(reader, err);

	if (r < 0)
		return -1;
	if (r == 0)
		return err_set(err, "%s: is empty; expected a header line", reader->options->file);
	if (make_layout(orders, reader, err) < 0 || check_layout(orders, reader, err) < 0)
		return -1;
	note_marketing(orders, reader);
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
	keep_categories(orders, &shared);
	shared.row = row;
	for (size_t i = 0; i < reader->orders->count; i++) {
		const struct order_event *event = &reader->events[i];

		if (i == 0 || event->amount_e4 != shared.amount_e4)
			shared.amount = arena_text(&orders->arena, event->amount);
		shared.amount_e4 = event->amount_e4;
		shared.kind = event->kind;
		shared.time_ms = event->time_ms;
		shared.sequence = orders->count;
		orders->events[orders->count++] = shared;
	}
}

static size_t place_in(const struct orders *orders, const struct orders_reader *reader)
{
	return (size_t)((const char *)reader->csv.rest.bytes - orders->text);
}

int orders_fail_empty(const struct orders *orders, const char *file, struct err *err)
{
	struct buf notes = BUF_MAX(4096);
	struct arena arena = {0};
	const char *note;

	for (unsigned i = 0; (note = orders_note(orders, i, &arena, NULL)); i++) {
		if (notes.len + strlen(note) > NOTES_SAID_BYTES) {
			buf_text(&notes, "; and more (--columns 'kind=COLUMN:WORD>order' says "
					 "what a word means)");
			break;
		}
		buf_printf(&notes, "%s%s", i ? "; " : ": ", note);
	}
	arena_free(&arena);
	err_set(err, "%s: no orders in it%.*s", file, SLICE_ARGS(buf_slice(&notes)));
	buf_free(&notes);
	return -1;
}

int orders_take(struct orders *orders, struct orders_reader *reader, size_t row, struct err *err)
{
	if (orders_add_row(reader, err) < 0)
		return -1;
	orders_make_room(orders, ORDERS_ROW_EVENTS);
	if (reader->orders->count)
		keep_events(orders, reader, row);
	arena_reset(&reader->orders->arena);
	reader->orders->count = 0;
	return 0;
}

static int read_rows(struct orders *orders, struct orders_reader *reader, struct err *err)
{
	size_t row = place_in(orders, reader);
	int r;

	orders_of_one_line(reader);
	while ((r = orders_next_row(reader, err)) > 0) {
		if (!orders_row_is_blank(reader)) {
			if (orders_take(orders, reader, row, err) < 0)
				return -1;
			orders->rows++;
		}
		row = place_in(orders, reader);
	}
	return r;
}

static int read_groups(struct orders *orders, struct orders_reader *reader, struct err *err)
{
	struct order_groups groups;
	int r;

	orders_of_one_line(reader);
	r = orders_group(orders, reader, &groups, err);
	for (size_t i = 0; r == 0 && i < groups.count; i++) {
		r = orders_read_group(orders, reader, groups.first[i], err);
		if (r == 0)
			r = orders_take(orders, reader, groups.first[i], err);
	}
	free(groups.first);
	return r;
}

/* As long as the orders live, whoever made the options. */
static const struct orders_options *keep_options(const struct orders_options *options,
						 struct arena *arena)
{
	struct orders_options *kept = arena_alloc(arena, sizeof(*kept));

	*kept = *options;
	kept->file = arena_text(arena, options->file);
	kept->currency = arena_text(arena, options->currency ? options->currency : "");
	if (options->time_format)
		kept->time_format = arena_text(arena, options->time_format);
	kept->columns = options->columns ? arena_text(arena, options->columns) : NULL;
	return kept;
}

void orders_make_reader(struct orders *orders, const struct orders_options *options)
{
	orders->reader = arena_zalloc(&orders->arena, sizeof(*orders->reader));
	set_reader(orders->reader, keep_options(options, &orders->arena));
	orders->reader->merges = orders->merges;
}

static int read_text(struct orders *orders, struct slice text, struct err *err)
{
	struct orders_reader *reader = orders->reader;
	struct orders of_row = {0};
	int r;

	reader->orders = &of_row;
	reader->left_arena = &orders->arena;
	reader->csv = csv_of_export(text);
	r = orders_read_header(orders, reader, err);
	of_row.assumed = orders->assumed;
	if (r == 0)
		r = reader->has_lines ? read_groups(orders, reader, err)
				      : read_rows(orders, reader, err);
	orders->assumed = of_row.assumed;
	orders->nameless = of_row.nameless;
	orders->left = of_row.left;
	arena_free(&of_row.arena);
	reader->orders = NULL;
	reader->lines = NULL;
	return r;
}

/* A file of UTF-8 stays as it is. */
static int decode_text(struct orders *orders, const struct orders_options *options, struct err *err)
{
	struct slice bytes = slice_of(orders->text, orders->text_len);
	enum text_encoding encoding = text_encoding_guess(bytes);
	char *text;

	if (options->encoding) {
		enum text_encoding said;

		if (text_encoding_of(options->encoding, &said, err) < 0)
			return -1;
		if (said != TEXT_UTF_16_LE || encoding != TEXT_UTF_16_BE)
			encoding = said;
	} else if (encoding != TEXT_UTF_8) {
		orders->assumed.encoding = text_encoding_name(encoding);
	}
	if (encoding == TEXT_UTF_8)
		return 0;
	if (text_encoding_convert(bytes, encoding, &text, &orders->text_len, err) < 0)
		return err_prefix(err, "%s", options->file);
	free(orders->text);
	orders->text = text;
	return 0;
}

static int read_orders(struct orders *orders, const struct orders_options *options, struct err *err)
{
	if (file_read(options->file, FILE_MAX_BYTES, &orders->text, &orders->text_len, err) < 0)
		return -1;
	orders_make_reader(orders, options);
	if (decode_text(orders, options, err) < 0)
		return -1;
	return read_text(orders, slice_of(orders->text, orders->text_len), err);
}

static int read_events(struct orders *orders, const struct orders_options *options, struct err *err)
{
	if (gz_file_read(options->events, FILE_MAX_BYTES, &orders->lines, &orders->lines_len, err) <
	    0)
		return -1;
	orders_add_lines(orders);
	return 0;
}

/* Where people live, the services resolve merges as they come. */
int orders_read_merges(struct orders *orders, const struct orders_options *options, struct err *err)
{
	if (!options->events || options->is_live)
		return 0;
	return merges_read(options->events, &orders->arena, &orders->merges, err);
}

int orders_read(const struct orders_options *options, struct orders *ret, struct err *err)
{
	const char *file = options->file ? options->file : options->events;
	struct orders orders = {.live_from_ms = options->live_from_ms,
				.currency = options->currency,
				.policy = options->policy,
				.catalogue = options->catalogue};
	int r = orders_read_merges(&orders, options, err);

	if (r == 0 && options->file)
		r = read_orders(&orders, options, err);
	if (r == 0 && options->events)
		r = read_events(&orders, options, err);
	if (r == 0 && orders.count == 0)
		r = orders_fail_empty(&orders, file, err);
	if (r < 0) {
		orders_free(&orders);
		return -1;
	}
	if (orders.reader && layout_has(orders.reader->layout, COLUMN_ORDER))
		orders_drop_repeats(&orders);
	orders_count(&orders);
	*ret = orders;
	return 0;
}

void orders_set_live_from(struct orders *orders, int64_t live_from_ms)
{
	orders->live_from_ms = live_from_ms;
	if (orders->reader)
		orders->reader->live_from_ms = live_from_ms;
}

void orders_free(struct orders *orders)
{
	free(orders->events);
	free(orders->text);
	free(orders->chunks);
	free(orders->lines);
	arena_free(&orders->arena);
	*orders = (struct orders){0};
}
