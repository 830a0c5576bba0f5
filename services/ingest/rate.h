/*
 * rate.h - so many events a second and no more, as one number (GCRA).  Pure.
 *
 * A source may spend a second's allowance at once, and always a whole array.
 */
#ifndef NURTURE_INGEST_RATE_H
#define NURTURE_INGEST_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct ing_rate {
	int64_t per_second; /* 0: no limit */
	int64_t burst;      /* events */
	int64_t free_at_us; /* when all that was taken is paid off */
};

struct ing_rate ing_rate_of(int64_t per_second);
/* True: taken.  False: nothing is taken, and *ret_wait_ms is when it could be. */
bool ing_rate_take(struct ing_rate *rate, int64_t events, int64_t now_ms, int64_t *ret_wait_ms);

#endif
