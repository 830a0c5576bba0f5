/* orders_kinds.h - the words of a kind column; orders_row.c's. Pure. */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_KINDS_H
#define NURTURE_NURTURECTL_SIM_ORDERS_KINDS_H

#include "orders_row.h"

/* What a row tells of, the first kind at its own time. */
struct row_kinds {
	enum order_kind kinds[ORDERS_ROW_EVENTS];
	unsigned count; /* 0: the row is left out, and was counted */
};

/*
 * Several with + between them ("order+cancelled"), "-" for none.  A word that --columns does not
 * translate although it translates others is none either; without translations it is an error.
 */
int row_kinds_read(struct orders_reader *reader, struct row_kinds *ret, struct err *err);
bool row_kinds_have(const struct row_kinds *kinds, enum order_kind kind);
/* ORDER_CANCELLED: COLUMN_CANCELLED_AT.  COLUMN_COUNT: a kind has no such column. */
enum column row_kind_column(enum order_kind kind);

#endif
