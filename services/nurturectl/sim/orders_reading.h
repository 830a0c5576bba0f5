/*
 * orders_reading.h - the steps of reading a file of orders: orders.c's, which does it in memory,
 * and of the shares_*.c, which do it piece by piece.
 */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_READING_H
#define NURTURE_NURTURECTL_SIM_ORDERS_READING_H

#include "orders_row.h"

/* Makes orders->reader for these options, as long as the orders live. */
void orders_make_reader(struct orders *orders, const struct orders_options *options);
/* The header line, which is the next row. */
int orders_read_header(struct orders *orders, struct orders_reader *reader, struct err *err);
/*
 * The events of the order just read, which begins at that place of orders->text; then the row's
 * arena is empty again.
 */
int orders_take(struct orders *orders, struct orders_reader *reader, size_t row, struct err *err);
/* Nothing was understood: what was left out, and why, is all there is to say. Returns -1. */
int orders_fail_empty(const struct orders *orders, const char *file, struct err *err);

#endif
