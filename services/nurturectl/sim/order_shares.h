/*
 * order_shares.h - a file of orders of any size, some customers at a time.
 *
 * What happens to a customer depends on that customer's events alone, so a file that does not fit
 * into memory is put in the order of customers on the disk (bulk/record_sort.h) and read again in
 * shares: whole customers, as many as fit.  Each is a struct orders as one that was read from a file
 * of these customers alone; shares come in the byte order of customers.  A file that fits is one
 * share, and never touches the disk.
 */
#ifndef NURTURE_NURTURECTL_SIM_ORDER_SHARES_H
#define NURTURE_NURTURECTL_SIM_ORDER_SHARES_H

#include "common/codec/text_encoding.h"
#include "orders_options.h"
#include "services/nurturectl/bulk/record_sort.h"

struct order_shares {
	/* Of all shares together: counts, times and what was left out; its events only when it is one. */
	struct orders all;
	int64_t until_ms;
	bool is_bulk;                /* on the disk */
	enum text_encoding encoding; /* of the file of orders; bulk */
	/* private */
	struct record_sort *rows; /* by customer; bulk */
	struct record ahead;      /* of the next share */
	bool has_ahead, is_at_end;
	struct orders share;
	size_t share_rows, share_bytes; /* that a share has at the most, and one customer more */
};

/* Reads policy and orders as orders_open() does. */
int order_shares_open(struct settings *settings, const struct orders_values *values,
		      struct order_shares *ret, struct err *err);
/* --memory, or its default. */
size_t orders_memory_bytes(const struct orders_values *values);
/* Goes to the first share. */
int order_shares_rewind(struct order_shares *shares, struct err *err);
/* 1: the next share, by customer, which lives until the next call. 0: there is none. */
int order_shares_next(struct order_shares *shares, struct orders **ret, struct err *err);
/*
 * Instead of a share, all events of these customers (sorted, each once) and of nobody else; of a
 * file that fits into memory those of others as well.  Lives until the next call.
 */
int order_shares_of(struct order_shares *shares, const char *const *customers, size_t count,
		    struct orders **ret, struct err *err);
void order_shares_close(struct order_shares *shares);

#endif
