/* rate.c - see rate.h. */
#include "rate.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US INT64_C(60000000)
#define DAY_US (1440 * MINUTE_US)
#define LIMIT_MAX INT64_C(1000000000)

struct rate rate_of(int64_t per_minute, int64_t burst, int64_t day_limit)
{
	struct rate ret = {.day_limit = day_limit};

	if (per_minute > 0) {
		ret.interval_us = (MINUTE_US + per_minute - 1) / per_minute;
		ret.tolerance_us = (burst > 1 ? burst - 1 : 0) * ret.interval_us;
	}
	return ret;
}

int64_t rate_cost_us(int64_t per_second, int64_t count)
{
	return per_second > 0 ? (count * SECOND_US + per_second - 1) / per_second : 0;
}

struct rate rate_of_seconds(int64_t per_second, int64_t burst)
{
	int64_t interval_us = rate_cost_us(per_second, 1);

	return (struct rate){
	    .interval_us = interval_us,
	    .tolerance_us = rate_cost_us(per_second, burst) - interval_us,
	    .day_limit = -1,
	};
}

struct rate rate_share(struct rate rate, unsigned permille)
{
	rate.interval_us = rate.interval_us * 1000 / permille;
	if (rate.interval_us > 10 * MINUTE_US)
		rate.interval_us = 10 * MINUTE_US;
	rate.tolerance_us = 0; /* all instances together would come to as many bursts */
	if (rate.day_limit > 0) {
		rate.day_limit = rate.day_limit * permille / 1000;
		if (rate.day_limit < 1)
			rate.day_limit = 1;
	}
	return rate;
}

struct rate_verdict rate_take_cost(struct rate_state *state, const struct rate *rate,
				   int64_t cost_us, int64_t now_us)
{
	int64_t early_us = rate->tolerance_us + rate->interval_us - cost_us;
	int64_t day = now_us / DAY_US;
	int64_t count = state->day == day ? state->day_count : 0;
	int64_t most_us = now_us + rate->tolerance_us + rate->interval_us;
	int64_t arrival_us = state->arrival_us > now_us ? state->arrival_us : now_us;

	if (arrival_us > most_us) /* the clock went back, or the rate was another one */
		arrival_us = most_us;
	if (rate->day_limit >= 0 && count >= rate->day_limit)
		return (struct rate_verdict){RATE_DAY_IS_FULL, (day + 1) * DAY_US - now_us};
	if (arrival_us - now_us > early_us)
		return (struct rate_verdict){RATE_TOO_FAST, arrival_us - now_us - early_us};
	state->arrival_us = arrival_us + cost_us;
	state->day = day;
	state->day_count = count + 1;
	return (struct rate_verdict){RATE_ALLOWED, 0};
}

struct rate_verdict rate_take(struct rate_state *state, const struct rate *rate, int64_t now_us)
{
	return rate_take_cost(state, rate, rate->interval_us, now_us);
}

int64_t warm_up_limit(const struct warm_up *plan, int64_t day)
{
	int64_t limit = plan->first_day;

	if (!plan->is_on)
		return -1;
	if (plan->factor_permille <= 1000) /* never more */
		return limit;
	/*
	 * Each day's limit is in whole mails: 50, 75, 112, 168. A small limit must not stand still.
	 */
	for (int64_t at = plan->start_day; at < day && limit <= LIMIT_MAX; at++) {
		int64_t next = limit * plan->factor_permille / 1000;

		limit = next > limit ? next : limit + 1;
	}
	return limit > LIMIT_MAX ? -1 : limit;
}
