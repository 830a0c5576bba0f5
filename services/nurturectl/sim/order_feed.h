/*
 * order_feed.h - the events of a file of orders of any size by time, one after the other: for
 * whoever publishes them.
 */
#ifndef NURTURE_NURTURECTL_SIM_ORDER_FEED_H
#define NURTURE_NURTURECTL_SIM_ORDER_FEED_H

#include "common/base/hash.h"
#include "order_shares.h"

struct order_feed {
	struct order_shares shares; /* shares.all has the counts */
	/* private */
	struct record_sort *by_time; /* of a file that does not fit into memory */
	size_t at;                   /* in memory: the next one */
	struct orders row;           /* the events of the newest one's row */
};

/* Reads policy and orders as orders_open() does, and goes to the first event. */
int order_feed_open(struct settings *settings, const struct orders_values *values,
		    struct order_feed *ret, struct err *err);
int order_feed_rewind(struct order_feed *feed, struct err *err);
/* 1: the next event and the orders that it is of, until the next call.  0: there is none. */
int order_feed_next(struct order_feed *feed, const struct orders **ret_orders,
		    const struct order_event **ret, struct err *err);
/* Goes on behind so many events. */
int order_feed_skip(struct order_feed *feed, size_t count, struct err *err);
/* How many events are before a time; goes to the first one. */
int order_feed_count_before(struct order_feed *feed, int64_t time_ms, size_t *ret, struct err *err);
/* The texts of its files, for orders_identity(); NULL: they cannot be read again. */
struct id_parts *order_feed_identify(const struct order_feed *feed,
				     const struct orders_values *values, struct err *err);
void order_feed_close(struct order_feed *feed);

#endif
