/* shares_internal.h - what order_shares.c and the shares_*.c have in common. */
#ifndef NURTURE_NURTURECTL_SIM_SHARES_INTERNAL_H
#define NURTURE_NURTURECTL_SIM_SHARES_INTERNAL_H

#include "order_shares.h"
#include "orders_reading.h"

/* A row of orders (or all lines of one) or a line of events, as it stands on the disk. */
enum share_source { SHARE_ORDERS, SHARE_EVENTS };
struct share_row {
	int line;       /* of the file */
	unsigned count; /* of lines in the text: more of an order that has several */
	enum share_source source;
	struct slice customer;
	struct slice text;
};

/* By customer, then as they stand in the files, those of orders first. */
int share_row_add(struct record_sort *sort, const struct share_row *row, struct err *err);
/* It borrows from the record. */
struct share_row share_row_of(const struct record *record);

/* All rows of a file of orders; all->reader is made.  memory_bytes: for lines of one order. */
int shares_read_orders(struct orders *all, const struct orders_options *options,
		       size_t memory_bytes, enum text_encoding *ret_encoding,
		       struct record_sort *ret, struct err *err);
/* All lines of a file of events. */
int shares_read_events(struct orders *all, const struct orders_options *options,
		       struct record_sort *ret, struct err *err);

/* A share that is being put together. */
struct share_builder {
	struct orders *share;
	struct orders of_row;
	struct arena arena; /* of a line of events */
	size_t text_room, lines_room, chunk_room;
};
/* The reader is that of all orders; the share takes its text along. */
void share_begin(struct share_builder *builder, struct orders *share, const struct orders *all);
/* Adds a row's events to the share. */
int share_add(struct share_builder *builder, const struct share_row *row, struct err *err);
/* All rows are in it. */
void share_end(struct share_builder *builder);

/* The row of an event of a share, which borrows from the share. */
struct share_row share_row_of_event(const struct orders *share, const struct order_event *event);

#endif
