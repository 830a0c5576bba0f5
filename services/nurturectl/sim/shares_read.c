/* shares_read.c - files of orders and of events onto the disk, by customer; see order_shares.h. */
#include <stdlib.h>

#include "common/codec/text_encoding.h"
#include "orders_lines.h"
#include "shares_internal.h"
#include "shares_lines.h"
#include "text_rows.h"

struct reading {
	struct orders *all;
	struct orders_reader *reader;
	struct text_rows rows;
	struct orders of_row;
	struct record_sort *sort;
};

static int choose_encoding(struct orders *all, const struct orders_options *options,
			   enum text_encoding *ret, struct err *err)
{
	enum text_encoding guess, said;

	if (text_rows_guess(options->file, &guess, err) < 0)
		return -1;
	*ret = guess;
	if (!options->encoding) {
		if (guess != TEXT_UTF_8)
			all->assumed.encoding = text_encoding_name(guess);
		return 0;
	}
	if (text_encoding_of(options->encoding, &said, err) < 0)
		return -1;
	if (said != TEXT_UTF_16_LE || guess != TEXT_UTF_16_BE)
		*ret = said;
	return 0;
}

/* Makes the window begin with a whole row, or with the last one of the file. */
static int see_row(struct reading *reading, struct err *err)
{
	struct csv *csv = &reading->reader->csv;
	int r = 1;

	while (r > 0 && csv_row_bytes(csv) == 0)
		r = text_rows_more(&reading->rows, &csv->rest, err);
	return r;
}

/* The next row's fields, and its bytes. Returns as csv_next(). */
static int next_row(struct reading *reading, struct slice *ret, struct err *err)
{
	struct csv *csv = &reading->reader->csv;
	const uint8_t *begin;
	int r;

	if (see_row(reading, err) < 0)
		return -1;
	begin = csv->rest.bytes;
	r = orders_next_row(reading->reader, err);
	*ret = slice_of(begin, (size_t)(csv->rest.bytes - begin));
	text_rows_skip(&reading->rows, ret->len);
	return r;
}

static int begin(struct reading *reading, struct err *err)
{
	struct csv *csv = &reading->reader->csv;
	const uint8_t *text;
	struct slice row;
	int r;

	if (text_rows_more(&reading->rows, &row, err) < 0)
		return -1;
	text = row.bytes;
	*csv = csv_of_export(row);
	text_rows_skip(&reading->rows, (size_t)(csv->rest.bytes - text));
	if (see_row(reading, err) < 0)
		return -1;
	text = csv->rest.bytes;
	r = orders_read_header(reading->all, reading->reader, err);
	text_rows_skip(&reading->rows, (size_t)(csv->rest.bytes - text));
	return r;
}

static int take_row(struct reading *reading, struct slice text, struct err *err)
{
	struct orders_reader *reader = reading->reader;
	struct share_row row = {.line = reader->csv.line, .count = 1, .text = text};

	if (orders_add_row(reader, err) < 0)
		return -1;
	if (reader->orders->count == 0)
		return 0;
	row.customer = reader->events[0].customer;
	return share_row_add(reading->sort, &row, err);
}

static int read_rows(struct reading *reading, struct share_lines *lines, struct err *err)
{
	struct orders *of_row = &reading->of_row;
	struct slice text;
	int r;

	orders_of_one_line(reading->reader);
	while ((r = next_row(reading, &text, err)) > 0) {
		if (!orders_row_is_blank(reading->reader)) {
			r = lines ? share_lines_add(lines, reading->reader, text, err)
				  : take_row(reading, text, err);
			if (r < 0)
				return -1;
			reading->all->rows++;
		}
		arena_reset(&of_row->arena);
		of_row->count = 0;
	}
	return r;
}

static int read_all(struct reading *reading, size_t memory_bytes, struct err *err)
{
	struct orders *all = reading->all, *of_row = &reading->of_row;
	struct share_lines *lines = NULL;
	int r = begin(reading, err);

	of_row->assumed = all->assumed;
	if (r == 0) {
		if (reading->reader->has_lines)
			lines = share_lines_open(memory_bytes);
		r = read_rows(reading, lines, err);
		if (r == 0 && lines)
			r = share_lines_end(lines, reading->reader, reading->sort, err);
		share_lines_close(lines);
	}
	all->assumed = of_row->assumed;
	all->nameless = of_row->nameless;
	all->left = of_row->left;
	arena_free(&of_row->arena);
	return r;
}

int shares_read_orders(struct orders *all, const struct orders_options *options,
		       size_t memory_bytes, enum text_encoding *ret_encoding,
		       struct record_sort *ret, struct err *err)
{
	struct reading reading = {.all = all, .sort = ret};
	int r;

	orders_make_reader(all, options);
	if (choose_encoding(all, options, ret_encoding, err) < 0 ||
	    text_rows_open(&reading.rows, options->file, *ret_encoding, err) < 0)
		return -1;
	reading.reader = all->reader;
	all->reader->orders = &reading.of_row;
	all->reader->left_arena = &all->arena;
	r = read_all(&reading, memory_bytes, err);
	all->reader->orders = NULL;
	all->reader->left_arena = NULL;
	all->reader->lines = NULL;
	text_rows_close(&reading.rows);
	return r;
}

static int take_line(struct orders *all, struct slice json, int line, struct arena *arena,
		     struct record_sort *ret, struct err *err)
{
	struct share_row row = {.line = line, .source = SHARE_EVENTS, .text = json};
	Nurture__V1__Event *event;
	bool is_resolved;
	struct err why;

	if (json.len == 0)
		return 0;
	all->rows++;
	arena_reset(arena);
	if (orders_line_read(all, json, arena, &event, &is_resolved, &why) < 0) {
		left_out_add(&all->left_lines, LEFT_LINE, slice_text(why.text), line, &all->arena);
		return 0;
	}
	orders_line_count(event, line, all);
	row.customer = slice_text(event->customer->id);
	return share_row_add(ret, &row, err);
}

static int read_lines(struct orders *all, struct text_rows *rows, struct record_sort *ret,
		      struct err *err)
{
	struct slice text = slice_of("", 0);
	struct arena arena = {0};
	int line = 1, r = 1;

	while (r > 0 || (r == 0 && text.len)) {
		const uint8_t *end = text.len ? memchr(text.bytes, '\n', text.len) : NULL;
		size_t len = end ? (size_t)(end - text.bytes) : text.len;

		if (!end && r > 0) {
			r = text_rows_more(rows, &text, err);
			continue;
		}
		if (take_line(all, slice_trim(slice_of(text.bytes, len), " \t\r"), line++, &arena,
			      ret, err) < 0)
			r = -1;
		len += end != NULL;
		text_rows_skip(rows, len);
		text = slice_of(text.bytes + len, text.len - len);
	}
	arena_free(&arena);
	return r;
}

int shares_read_events(struct orders *all, const struct orders_options *options,
		       struct record_sort *ret, struct err *err)
{
	struct text_rows rows;
	int r;

	if (text_rows_open(&rows, options->events, TEXT_UTF_8, err) < 0)
		return -1;
	r = read_lines(all, &rows, ret, err);
	text_rows_close(&rows);
	/* Whoever asks whether there was such a file looks for its text. */
	all->lines = calloc(1, 1);
	if (!all->lines)
		abort();
	return r;
}
