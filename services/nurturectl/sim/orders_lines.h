/* orders_lines.h - a file of events, one JSON a line, beside the orders; orders.c's. Pure. */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_LINES_H
#define NURTURE_NURTURECTL_SIM_ORDERS_LINES_H

#include "orders.h"

/*
 * Adds the events of orders->lines, read as every service reads them (common/message/event.h). Lines
 * that are none are counted with the first one's reason; empty ones are passed over.
 */
void orders_add_lines(struct orders *orders);

#endif
