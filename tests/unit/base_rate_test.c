/* GCRA against a count of what went in each window, bursts, days, and warm-ups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/base/rate.h"

#define NOW_US (INT64_C(1772366400) * 1000000) /* 2026-03-01T12:00:00Z */

static void a_burst_and_then_one_by_one(void **state)
{
	struct rate rate = rate_of(100, 5, -1);
	struct rate_state is = {0};
	struct rate_verdict verdict;

	(void)state;
	assert_int_equal(rate.interval_us, 600000);
	for (int i = 0; i < 5; i++)
		assert_int_equal(rate_take(&is, &rate, NOW_US).word, RATE_ALLOWED);
	verdict = rate_take(&is, &rate, NOW_US);
	assert_int_equal(verdict.word, RATE_TOO_FAST);
	assert_int_equal(verdict.wait_us, 600000);
	/* A refusal costs nothing; a microsecond too early is too early. */
	assert_int_equal(rate_take(&is, &rate, NOW_US + 599999).word, RATE_TOO_FAST);
	assert_int_equal(rate_take(&is, &rate, NOW_US + 600000).word, RATE_ALLOWED);
	assert_int_equal(rate_take(&is, &rate, NOW_US + 600000).word, RATE_TOO_FAST);
	/* After a pause the burst is there again, and no more than that. */
	for (int i = 0; i < 5; i++)
		assert_int_equal(rate_take(&is, &rate, NOW_US + 60000000).word, RATE_ALLOWED);
	assert_int_equal(rate_take(&is, &rate, NOW_US + 60000000).word, RATE_TOO_FAST);
}

/* So many at once, as they come in an array; true: taken. */
static bool take_many(struct rate_state *is, int64_t per_second, int64_t count, int64_t now_ms,
		      int64_t *ret_wait_ms)
{
	struct rate rate = rate_of_seconds(per_second, per_second > 1000 ? per_second : 1000);
	struct rate_verdict verdict =
	    rate_take_cost(is, &rate, rate_cost_us(per_second, count), now_ms * 1000);

	*ret_wait_ms = (verdict.wait_us + 999) / 1000;
	return verdict.word == RATE_ALLOWED;
}

static void a_second_at_once_and_then_as_it_is_paid_off(void **state)
{
	struct rate_state is = {0};
	int64_t wait_ms, taken = 0;

	(void)state;
	while (take_many(&is, 2000, 1, 5000, &wait_ms))
		taken++;
	assert_int_equal(taken, 2000);
	assert_int_equal(wait_ms, 1);
	assert_false(take_many(&is, 2000, 1000, 5000, &wait_ms));
	assert_int_equal(wait_ms, 500);
	assert_true(take_many(&is, 2000, 1000, 5500, &wait_ms));
	assert_false(take_many(&is, 2000, 1, 5500, &wait_ms));
	/* Over any length of time no more than the rate, after the first second. */
	for (int64_t now_ms = 5500; now_ms < 15500; now_ms++)
		while (take_many(&is, 2000, 1, now_ms, &wait_ms))
			taken++;
	assert_in_range(taken, 2000 + 9 * 2000, 2000 + 10 * 2000);
	is = (struct rate_state){0};
	for (int i = 0; i < 100000; i++)
		assert_true(take_many(&is, 0, 1000, 0, &wait_ms));
}

static void a_slow_rate_takes_a_whole_burst(void **state)
{
	struct rate_state is = {0};
	int64_t wait_ms;

	(void)state;
	assert_true(take_many(&is, 1, 1000, 0, &wait_ms));
	assert_false(take_many(&is, 1, 1000, 0, &wait_ms));
	assert_int_equal(wait_ms, 1000 * 1000);
	assert_false(take_many(&is, 1, 1000, wait_ms - 1, &wait_ms));
	assert_true(take_many(&is, 1, 1000, 1000 * 1000, &wait_ms));
}

/* Whoever asks at random never gets more in a minute than its number and a burst. */
static void never_more_in_any_minute(void **state)
{
	enum { ASKED = 20000 };
	static int64_t went_us[ASKED];
	unsigned seed = 1;

	(void)state;
	for (int per_minute = 1; per_minute <= 3000; per_minute = per_minute * 3 + 1) {
		int64_t burst = 1 + per_minute / 10, now_us = NOW_US;
		struct rate rate = rate_of(per_minute, burst, -1);
		struct rate_state is = {0};
		int went = 0, from = 0, most = 0;

		for (int i = 0; i < ASKED; i++) {
			now_us += rand_r(&seed) % (120000000 / per_minute);
			if (rate_take(&is, &rate, now_us).word != RATE_ALLOWED)
				continue;
			went_us[went++] = now_us;
			while (went_us[from] <= now_us - 60000000)
				from++;
			most = went - from > most ? went - from : most;
		}
		assert_in_range(most, 1, per_minute + burst);
		/* And nearly as much as it may. */
		assert_true(went >= (now_us - NOW_US) / rate.interval_us * 6 / 10);
	}
}

static void days_are_counted_apart(void **state)
{
	struct rate rate = rate_of(0, 0, 3);
	struct rate_state is = {0};
	struct rate_verdict verdict;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(rate_take(&is, &rate, NOW_US + i).word, RATE_ALLOWED);
	verdict = rate_take(&is, &rate, NOW_US);
	assert_int_equal(verdict.word, RATE_DAY_IS_FULL);
	assert_int_equal(verdict.wait_us, 12 * HOUR_MS * 1000);
	assert_int_equal(rate_take(&is, &rate, NOW_US + verdict.wait_us - 1).word,
			 RATE_DAY_IS_FULL);
	assert_int_equal(rate_take(&is, &rate, NOW_US + verdict.wait_us).word, RATE_ALLOWED);
	rate.day_limit = 0;
	assert_int_equal(rate_take(&is, &rate, NOW_US).word, RATE_DAY_IS_FULL);
	rate = rate_of(0, 0, -1);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(rate_take(&is, &rate, NOW_US).word, RATE_ALLOWED);
}

static void a_share(void **state)
{
	struct rate rate = rate_share(rate_of(100, 50, 10), 250);

	(void)state;
	assert_int_equal(rate.interval_us, 2400000);
	assert_int_equal(rate.tolerance_us, 0);
	assert_int_equal(rate.day_limit, 2);
	rate = rate_share(rate_of(1, 1, 1), 1);
	assert_int_equal(rate.interval_us, 600000000);
	assert_int_equal(rate.day_limit, 1);
	rate = rate_share(rate_of(0, 0, -1), 250);
	assert_int_equal(rate.interval_us, 0);
	assert_int_equal(rate.day_limit, -1);
}

static void warming_up(void **state)
{
	struct warm_up plan = {
	    .is_on = true, .start_day = 20758, .first_day = 50, .factor_permille = 1500};
	static const int64_t limits[] = {50, 75, 112, 168, 252};

	(void)state;
	for (int day = 0; day < 5; day++)
		assert_int_equal(warm_up_limit(&plan, 20758 + day), limits[day]);
	assert_int_equal(warm_up_limit(&plan, 20000), 50); /* too early is no reason for more */
	assert_int_equal(warm_up_limit(&plan, 20758 + 60), -1);
	assert_int_equal(warm_up_limit(&plan, 20758 + 1000000), -1);
	plan.factor_permille = 1000;
	assert_int_equal(warm_up_limit(&plan, 20758 + 1000000), 50);
	plan.first_day = 1;
	plan.factor_permille = 1001;
	assert_int_equal(warm_up_limit(&plan, 20758 + 7), 8);
	plan.is_on = false;
	assert_int_equal(warm_up_limit(&plan, 20758), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_burst_and_then_one_by_one),
	    cmocka_unit_test(a_second_at_once_and_then_as_it_is_paid_off),
	    cmocka_unit_test(a_slow_rate_takes_a_whole_burst),
	    cmocka_unit_test(never_more_in_any_minute),
	    cmocka_unit_test(days_are_counted_apart),
	    cmocka_unit_test(a_share),
	    cmocka_unit_test(warming_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
