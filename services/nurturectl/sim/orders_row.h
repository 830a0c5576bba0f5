/* orders_row.h - one row of a file of orders; orders.c's other half. */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_ROW_H
#define NURTURE_NURTURECTL_SIM_ORDERS_ROW_H

#include "common/base/buf.h"
#include "csv.h"
#include "orders.h"

/* clang-format off */
#define ORDER_COLUMNS(X)                                                                           \
	X(CUSTOMER, "customer")                                                                    \
	X(TIME, "time")                                                                            \
	X(AMOUNT, "amount")                                                                        \
	X(ORDER, "order")                                                                          \
	X(KIND, "kind")                                                                            \
	X(EMAIL, "email")                                                                          \
	X(NAME, "name")                                                                            \
	X(COUNTRY, "country")                                                                      \
	X(CURRENCY, "currency")                                                                    \
	X(TIME_ZONE, "time_zone")                                                                  \
	X(LOCALE, "locale")                                                                        \
	X(BIRTHDAY, "birthday")                                                                    \
	X(CATEGORY, "category")                                                                    \
	X(CONSENT, "consent")                                                                      \
	X(STARTS_AT, "starts_at")                                                                  \
	X(ENDS_AT, "ends_at")
/* clang-format on */
enum column {
#define X(name, text) COLUMN_##name,
	ORDER_COLUMNS(X)
#undef X
	    COLUMN_COUNT
};
extern const char *const orders_column_names[COLUMN_COUNT];

enum { ORDERS_ROW_EVENTS = 2 };

struct orders_reader {
	const struct orders_options *options;
	struct orders
	    *orders; /* of the row just read alone: its events, what it takes for granted */
	struct csv csv;
	int places[COLUMN_COUNT]; /* -1: no such column */
	struct slice fields[CSV_FIELDS_MAX];
	size_t field_count;
	struct order_event events[ORDERS_ROW_EVENTS];
	int json_of; /* the kind whose event is to be JSON; ORDER_KINDS: none */
	struct buf json;
};

/* The next row's fields; returns as csv_next(). */
int orders_next_row(struct orders_reader *reader, struct err *err);

/* The events of the row just read. */
int orders_add_row(struct orders_reader *reader, struct err *err);

#endif
