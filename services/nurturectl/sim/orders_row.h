/*
 * orders_row.h - one order of a file of orders, a row or several lines: its events.  Pure.
 *
 * orders_kinds.c says what a row tells of, orders_person.c whom of, orders_items.c what was bought,
 * orders_fields.c reads the fields; orders_row.c puts them together.
 */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_ROW_H
#define NURTURE_NURTURECTL_SIM_ORDERS_ROW_H

#include "common/base/buf.h"
#include "orders.h"
#include "services/nurturectl/exports/layout.h"

enum { ORDERS_ROW_EVENTS = 8 };

struct orders_reader {
	const struct orders_options *options;
	/* The options' own, or those of their preset. */
	const char *time_format; /* NULL: ISO 8601 */
	char decimal;
	bool has_lines, key_is_email;
	int64_t live_from_ms; /* 0: nothing is history */
	const struct merges
	    *merges; /* whom a customer lives as in the end; NULL: as he is called */
	const struct layout *layout;
	/* Of the row just read alone: its events, what it takes for granted and leaves out. */
	struct orders *orders;
	struct arena *left_arena; /* NULL: what is left out has been counted already */
	struct csv csv;
	struct slice fields[CSV_FIELDS_MAX];
	size_t field_count;
	/* The order's lines; of a file without them this row alone. */
	const struct slice *const *lines;
	size_t line_count;
	const struct slice *only[1];
	struct order_event events[ORDERS_ROW_EVENTS];
	int json_of; /* the kind whose event is to be JSON; ORDER_KINDS: none */
	struct buf json;
};

/*
 * The next row's fields; returns as csv_next(), and -1 for a row that has more fields than the header
 * line (RFC 4180 2.4).  Those that it lacks are empty, and that is counted.
 */
int orders_next_row(struct orders_reader *reader, struct err *err);
/* The row just read, and those that will be, are orders each. */
static inline void orders_of_one_line(struct orders_reader *reader)
{
	reader->only[0] = reader->fields;
	reader->lines = reader->only;
	reader->line_count = 1;
}
/* A line without anything in it. */
bool orders_row_is_blank(const struct orders_reader *reader);

/* The events of reader->lines, which all tell of one order. */
int orders_add_row(struct orders_reader *reader, struct err *err);
void orders_leave_out(struct orders_reader *reader, enum left_reason reason, struct slice word);

#endif
