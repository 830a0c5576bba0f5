/* orders_items.h - what was bought, and for how much; orders_row.c's. Pure. */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_ITEMS_H
#define NURTURE_NURTURECTL_SIM_ORDERS_ITEMS_H

#include "nurture/v1/event.pb-c.h"
#include "orders_row.h"

/* Fills order->items and the categories of the facts. */
int items_read(struct orders_reader *reader, Nurture__V1__Order *order, struct order_event *facts,
	       struct err *err);
/*
 * Fills order->amount, order->currency and those of the facts: the column amount, else the sum of
 * its lines, else of prices times quantities.  The sign stays in facts->amount_e4 alone.
 */
int amount_of_order(struct orders_reader *reader, Nurture__V1__Order *order,
		    struct order_event *facts, struct err *err);
/* The column refund, without its sign: an amount, or NULL when it is nothing. */
int amount_of_refund(struct orders_reader *reader, const Nurture__V1__Order *order,
		     const char **ret, int64_t *ret_e4, struct err *err);

#endif
