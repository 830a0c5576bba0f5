/* timeline.h - one customer's busiest year: orders and what was said, by time. Pure. */
#ifndef NURTURE_NURTURECTL_REPORT_TIMELINE_H
#define NURTURE_NURTURECTL_REPORT_TIMELINE_H

#include "services/nurturectl/outcomes/outcome_table.h"
#include "services/nurturectl/sim/orders.h"

enum mark_kind { MARK_ORDER, MARK_SAID, MARK_TASK, MARK_UNSAID, MARK_WAITING, MARK_KINDS };

struct mark {
	enum mark_kind kind;
	int64_t at_ms;
	const struct order_event *order; /* MARK_ORDER */
	const struct outcome_row *row;   /* else */
};

struct timeline {
	const struct policy *policy;
	const struct outcome_table *table;
	struct mark *marks;
	size_t count, counts[MARK_KINDS];
	size_t placed; /* of the orders; the rest is what became of them */
	int64_t from_ms, to_ms;
};

/*
 * All of a customer's life; orders are by customer. customer may have no row
 * in the table. Borrows everything; timeline_close() it.
 */
void timeline_open(struct timeline *timeline, const struct policy *policy,
		   const struct orders *orders, const struct outcome_table *table,
		   const char *customer);
/* Leaves the 366 days in which most happens in all of these, which are of one customer. */
void timeline_choose_year(struct timeline *timelines, size_t count);
void timeline_close(struct timeline *timeline);

#endif
