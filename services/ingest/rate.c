/* rate.c - see rate.h. */
#include "rate.h"

#include "services/ingest/events/batch.h"

struct ing_rate ing_rate_of(int64_t per_second)
{
	return (struct ing_rate){
	    .per_second = per_second,
	    .burst = per_second > ING_EVENTS_MAX ? per_second : ING_EVENTS_MAX,
	};
}

/* Rounded up, so that no rounding lets more through than was allowed. */
static int64_t price_us(const struct ing_rate *rate, int64_t events)
{
	return (events * 1000000 + rate->per_second - 1) / rate->per_second;
}

bool ing_rate_take(struct ing_rate *rate, int64_t events, int64_t now_ms, int64_t *ret_wait_ms)
{
	int64_t now_us = now_ms * 1000, free_at_us, over_us;

	if (rate->per_second == 0)
		return true;
	free_at_us =
	    (rate->free_at_us > now_us ? rate->free_at_us : now_us) + price_us(rate, events);
	over_us = free_at_us - now_us - price_us(rate, rate->burst);
	if (over_us > 0) {
		*ret_wait_ms = (over_us + 999) / 1000;
		return false;
	}
	rate->free_at_us = free_at_us;
	return true;
}
