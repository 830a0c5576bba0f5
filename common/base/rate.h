/*
 * rate.h - how often something may happen: GCRA, and a growing number a day.
 *
 * GCRA (ITU-T I.371) is a leaky bucket in one number, the theoretical arrival
 * time: something may happen while that is at most `tolerance_us` ahead of
 * now, and then moves it on by `interval_us`.  Nothing is counted, and no
 * window has an edge.  Days are those of UTC.
 *
 * Pure.  common/io/redis/rate_limit.h does the same sums in Redis, for all instances.
 */
#ifndef NURTURE_BASE_RATE_H
#define NURTURE_BASE_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct rate {
	int64_t interval_us;  /* between two, in the long run; 0: any number */
	int64_t tolerance_us; /* so much may come early: (burst - 1) * interval_us */
	int64_t day_limit;    /* so many a day; -1: any number */
};

struct rate_state { /* all 0: nothing has happened yet */
	int64_t arrival_us;
	int64_t day, day_count;
};

enum rate_word { RATE_ALLOWED, RATE_TOO_FAST, RATE_DAY_IS_FULL };

struct rate_verdict {
	enum rate_word word;
	int64_t wait_us; /* 0 when it is allowed */
};

/* per_minute 0: any number; else burst is at least 1. */
struct rate rate_of(int64_t per_minute, int64_t burst, int64_t day_limit);
/* per_second 0: any number; else burst is at least 1.  Rounded over the burst, not over each. */
struct rate rate_of_seconds(int64_t per_second, int64_t burst);
/*
 * Returns a share of a rate: at least one a day, and a tenth of one a minute, where there is a
 * limit.
 */
struct rate rate_share(struct rate rate, unsigned permille);

/* May it happen now? If so, it is counted. */
struct rate_verdict rate_take(struct rate_state *state, const struct rate *rate, int64_t now_us);

/*
 * The same for something that costs cost_us instead of interval_us, such as many at once. It takes
 * one of a day's limit, whatever it costs.
 */
struct rate_verdict rate_take_cost(struct rate_state *state, const struct rate *rate,
				   int64_t cost_us, int64_t now_us);
/* What so many at once cost, rounded up: no rounding lets more through than was allowed. */
int64_t rate_cost_us(int64_t per_second, int64_t count);

/* A limit for each day that grows from its start on. */
struct warm_up {
	bool is_on;
	int64_t start_day;        /* since 1970 */
	int64_t first_day;        /* so many on it, and on every day before it */
	uint32_t factor_permille; /* at least 1000: each day's is the day's before times this */
};
/* The limit of a day since 1970; -1 when it is off, or has grown beyond 1,000,000,000. */
int64_t warm_up_limit(const struct warm_up *plan, int64_t day);

#endif
