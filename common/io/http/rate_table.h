/*
 * rate_table.h - how often each of many may do something: base/rate.h's sums
 * for as many keys as fit, in this process.
 *
 * Keys are hashed with a secret of the process, so that nobody can pick two
 * that meet.  Where there is no room the one that has been quiet longest is
 * forgotten: it may then do a burst more than it should.  Thread-safe; the time
 * is an argument.
 */
#ifndef NURTURE_IO_HTTP_RATE_TABLE_H
#define NURTURE_IO_HTTP_RATE_TABLE_H

#include "common/base/rate.h"
#include "common/base/slice.h"

struct rate_table;

struct rate_table *rate_table_new(struct rate rate);
void rate_table_free(struct rate_table **table); /* NULL-safe, sets NULL */

/* May this key do it now? If so, it is counted; if not, *ret_wait_us is when it may. */
bool rate_table_take(struct rate_table *table, struct slice key, int64_t now_us,
		     int64_t *ret_wait_us);

#endif
