/* shares_lines.c - see shares_lines.h. */
#include "shares_lines.h"

#include <limits.h>
#include <stdlib.h>

#include "common/base/hash.h"
#include "orders_fields.h"
#include "orders_group.h"

struct share_lines {
	struct record_sort *sort; /* by order, then by line */
	/* Of the order whose lines are being gathered. */
	char order[ID_TEXT_BYTES];
	struct buf text;
	int line; /* of its first */
	unsigned count;
};

struct share_lines *share_lines_open(size_t memory_bytes)
{
	struct share_lines *lines = calloc(1, sizeof(*lines));

	if (!lines)
		abort();
	lines->sort = record_sort_open(memory_bytes);
	lines->text = BUF_MAX(SIZE_MAX / 2);
	return lines;
}

/* Orders are told apart by the ids of their names, which have one length, whatever stands in them. */
int share_lines_add(struct share_lines *lines, struct orders_reader *reader, struct slice text,
		    struct err *err)
{
	struct slice name = orders_group_name(reader);
	struct share_row row = {.line = reader->csv.line, .count = 1, .text = text};
	char order[ID_TEXT_BYTES];

	if (name.len == 0)
		return field_complain(reader, COLUMN_ORDER, name, "an order on each line", err);
	id_of(order, &name, 1);
	row.customer = slice_text(order);
	return share_row_add(lines->sort, &row, err);
}

/* The lines stand in the text, one behind the other, as in a file of this order alone. */
static int read_order(struct share_lines *lines, struct orders_reader *reader, struct err *err)
{
	struct orders_chunk chunks[] = {{0}, {.line = lines->line, .rows = lines->count}};
	const struct orders group = {.text = lines->text.bytes,
				     .text_len = lines->text.len,
				     .chunks = chunks,
				     .chunk_count = 2};

	return orders_read_group(&group, reader, 1, err) < 0 ? -1 : orders_add_row(reader, err);
}

static int end_order(struct share_lines *lines, struct orders_reader *reader,
		     struct record_sort *ret, int *error_line, struct err *err)
{
	struct share_row row = {
	    .line = lines->line, .count = lines->count, .text = buf_slice(&lines->text)};
	struct err why;
	int r = 0;

	if (lines->count == 0)
		return 0;
	if (read_order(lines, reader, &why) < 0) {
		if (lines->line < *error_line)
			*err = why;
		*error_line = lines->line < *error_line ? lines->line : *error_line;
	} else if (reader->orders->count > 0 && *error_line == INT_MAX) {
		row.customer = reader->events[0].customer;
		r = share_row_add(ret, &row, err);
	}
	arena_reset(&reader->orders->arena);
	reader->orders->count = 0;
	buf_reset(&lines->text);
	lines->count = 0;
	return r;
}

static void add_line(struct share_lines *lines, const struct share_row *row)
{
	if (lines->count++ == 0)
		lines->line = row->line;
	buf_add(&lines->text, row->text.bytes, row->text.len);
	if (row->text.bytes[row->text.len - 1] != '\n')
		buf_char(&lines->text, '\n');
}

int share_lines_end(struct share_lines *lines, struct orders_reader *reader,
		    struct record_sort *ret, struct err *err)
{
	size_t left_before = 0;
	int error_line = INT_MAX, r;
	struct record record;

	for (const struct left_out *left = reader->orders->left; left; left = left->next)
		left_before++;
	if (record_sort_rewind(lines->sort, err) < 0)
		return -1;
	while ((r = record_sort_next(lines->sort, &record, err)) > 0) {
		struct share_row row = share_row_of(&record);

		if (!slice_is(row.customer, lines->order) &&
		    end_order(lines, reader, ret, &error_line, err) < 0)
			return -1;
		memcpy(lines->order, row.customer.bytes, row.customer.len);
		add_line(lines, &row);
	}
	if (r == 0)
		r = end_order(lines, reader, ret, &error_line, err);
	left_out_sort(&reader->orders->left, left_before);
	return error_line < INT_MAX ? -1 : r;
}

void share_lines_close(struct share_lines *lines)
{
	if (!lines)
		return;
	record_sort_close(lines->sort);
	buf_free(&lines->text);
	free(lines);
}
