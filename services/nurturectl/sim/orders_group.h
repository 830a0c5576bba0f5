/* orders_group.h - the lines of each order, wherever they stand in a file; orders.c's. Pure. */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_GROUP_H
#define NURTURE_NURTURECTL_SIM_ORDERS_GROUP_H

#include "orders_row.h"

/* The heads of all orders' chunks, in the order in which the orders begin. */
struct order_groups {
	size_t *first;
	size_t count;
};

/* Reads the file to its end and fills orders->chunks. The caller frees ret->first. */
int orders_group(struct orders *orders, struct orders_reader *reader, struct order_groups *ret,
		 struct err *err);
/* What the row just read has in common with the other lines of its order; "" for nothing. */
struct slice orders_group_name(const struct orders_reader *reader);
/* Reads the lines of the order whose first chunk it is, into reader->lines. */
int orders_read_group(const struct orders *orders, struct orders_reader *reader, size_t chunk,
		      struct err *err);

#endif
