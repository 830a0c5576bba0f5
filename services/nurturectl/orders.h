/*
 * orders.h - a file of orders as the events that they were.
 *
 * A CSV (RFC 4180, with a header line) gives one order.placed a row, and one
 * order.delivered `delivered_after` later; a `kind` column may say otherwise
 * ("cancellation" -> order.cancelled, "refund" -> order.refunded, or an event
 * type).  Simulation and replay read the same events from it, in the same
 * order: by time, then by line, the order before its delivery.
 *
 * What a file lacks is taken as: consent given to everything; the address
 * CUSTOMER@customers.example; a date without a time is midnight in the shop's
 * zone.  `assumed` says which of these were used, for the reports.
 */
#ifndef NURTURE_NURTURECTL_ORDERS_H
#define NURTURE_NURTURECTL_ORDERS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/base/zone.h"

struct orders_options {
	const char *file;
	const char
	    *columns; /* "customer=customer_id,time=purchased_on,..." or NULL: by their own names */
	int64_t delivered_after_ms; /* < 0: no deliveries */
	const char *currency;       /* of the shop, when there is no such column */
	const struct zone *zone;    /* of dates without a time */
};

struct order_event {
	struct slice customer;
	int64_t time_ms;
	struct slice json; /* as it stands on nurture.events */
	size_t sequence;   /* in the file */
};

struct orders_assumed {
	bool consent, address, midnight, delivery;
};

struct orders {
	struct order_event *events; /* by time */
	size_t count;
	size_t rows, customers;
	size_t nameless; /* rows without a customer, of shops that sell to guests; left out */
	int64_t first_ms, last_ms;
	struct orders_assumed assumed;
	struct arena arena;
};

/* The error names file, line and column. */
int orders_read(const struct orders_options *options, struct orders *ret, struct err *err);
void orders_free(struct orders *orders);

/* The same events, customer by customer (customers in byte order), each customer's by time. */
void orders_by_customer(struct orders *orders);

#endif
