/* orders_json.c - an event of a file of orders as JSON, made anew from its row; see orders.h. */
#include <stdlib.h>

#include "orders.h"
#include "orders_row.h"

enum { EVENT_BYTES = 16 * 1024 };

int orders_next_row(struct orders_reader *reader, struct err *err)
{
	int r = csv_next(&reader->csv, &reader->orders->arena, reader->fields, &reader->field_count,
			 err);

	if (r > 0)
		for (size_t i = reader->field_count; i < CSV_FIELDS_MAX; i++)
			reader->fields[i] = slice_of("", 0);
	return r;
}

struct slice orders_json(const struct orders *orders, const struct order_event *event,
			 struct arena *arena)
{
	struct orders of_row = {.arena = *arena};
	struct orders_reader reader = *orders->reader;
	struct slice json;
	struct err ignored;

	reader.orders = &of_row;
	reader.json_of = (int)event->kind;
	reader.json = BUF_MAX(EVENT_BYTES);
	reader.csv =
	    (struct csv){.rest = slice_of(orders->text + event->row, orders->text_len - event->row),
			 .next_line = event->line};
	/* It has been read once, so it is sound. */
	if (orders_next_row(&reader, &ignored) <= 0 || orders_add_row(&reader, &ignored) < 0)
		abort();
	json = buf_slice(&reader.json);
	json.bytes = (const uint8_t *)arena_copy(&of_row.arena, json.bytes, json.len);
	buf_free(&reader.json);
	*arena = of_row.arena;
	return json;
}
