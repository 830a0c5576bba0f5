/* orders_lines.h - a file of events, one JSON a line, beside the orders; orders.c's. Pure. */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_LINES_H
#define NURTURE_NURTURECTL_SIM_ORDERS_LINES_H

#include "nurture/v1/event.pb-c.h"
#include "orders.h"

/*
 * Adds the events of orders->lines, read as every service reads them (common/message/event.h). Lines
 * that are none are counted with the first one's reason; empty ones are passed over.
 */
void orders_add_lines(struct orders *orders);

/* One line of them, which stands in orders->lines; the arena is for this line alone. */
void orders_add_line(struct orders *orders, struct slice json, int line, struct arena *arena);
/* Counts what of it is passed over: its currency, consent to no class, items of no category. */
void orders_line_count(const Nurture__V1__Event *event, int line, struct orders *orders);
/*
 * As POST /v1/events takes it: an event, and not in the name of our own pages.  With merges it is told
 * of whom it is about in the end; *ret_is_resolved: that is another one than it says.  The
 * catalogue of the orders adds to it what it adds there.
 */
int orders_line_read(const struct orders *orders, struct slice json, struct arena *arena,
		     Nurture__V1__Event **ret, bool *ret_is_resolved, struct err *err);

#endif
