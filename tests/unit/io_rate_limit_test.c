/*
 * Rates in a real Redis: the script does the sums of base/rate.h, for all
 * instances at once, and says so when it cannot.  Skipped without redis-server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <pthread.h>
#include <string.h>

#include <cmocka.h>

#include "common/io/process/clock.h"
#include "common/io/redis/rate_limit.h"
#include "redis_server.h"

static struct rate_limit *open_limit(const char *prefix)
{
	struct rate_limit *limit;
	struct err err;

	if (rate_limit_open(&limit, redis_server.url, prefix, &err) < 0)
		fail_msg("%s", err.text);
	return limit;
}

static struct rate_verdict take(struct rate_limit *limit, const char *name, struct rate rate)
{
	struct rate_verdict verdict;
	struct err err;

	if (rate_limit_take(limit, name, &rate, &verdict, &err) < 0)
		fail_msg("%s", err.text);
	return verdict;
}

static void the_same_sums(void **state)
{
	struct rate_limit *limit = open_limit("same.");
	struct rate rate = rate_of(60, 3, -1), days = rate_of(0, 0, 2);
	struct rate_verdict verdict;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(take(limit, "a", rate).word, RATE_ALLOWED);
	verdict = take(limit, "a", rate);
	assert_int_equal(verdict.word, RATE_TOO_FAST);
	assert_in_range(verdict.wait_us, 500000, 1000000);
	assert_int_equal(take(limit, "b", rate).word, RATE_ALLOWED); /* has a count of its own */
	usleep((unsigned)verdict.wait_us + 2000);
	assert_int_equal(take(limit, "a", rate).word, RATE_ALLOWED);
	assert_int_equal(take(limit, "a", rate).word, RATE_TOO_FAST);
	for (int i = 0; i < 2; i++)
		assert_int_equal(take(limit, "d", days).word, RATE_ALLOWED);
	verdict = take(limit, "d", days);
	assert_int_equal(verdict.word, RATE_DAY_IS_FULL);
	assert_in_range(verdict.wait_us, 1, INT64_C(86400000000));
	assert_in_range(verdict.wait_us / 1000000 + clock_wall_ms() / 1000 % 86400, 86397, 86402);
	/* A rate that was changed counts from now on. */
	assert_int_equal(take(limit, "d", rate_of(0, 0, 3)).word, RATE_ALLOWED);
	rate_limit_close(&limit);
}

struct racer {
	pthread_t thread;
	int allowed;
};

static void *race(void *context)
{
	struct racer *racer = context;
	struct rate_limit *limit = open_limit("race.");

	for (int i = 0; i < 500; i++)
		racer->allowed += take(limit, "hot", rate_of(6, 40, -1)).word == RATE_ALLOWED;
	rate_limit_close(&limit);
	return NULL;
}

/* Four instances, each as fast as it can: together they get the burst, and no more. */
static void shared_by_all(void **state)
{
	struct racer racers[4] = {0};
	int allowed = 0;

	(void)state;
	for (int i = 0; i < 4; i++)
		pthread_create(&racers[i].thread, NULL, race, &racers[i]);
	for (int i = 0; i < 4; i++) {
		pthread_join(racers[i].thread, NULL);
		allowed += racers[i].allowed;
	}
	assert_in_range(allowed, 40, 41);
}

/* It says so, and then does not keep every mail waiting for the same answer. */
static void redis_is_gone(void **state)
{
	struct rate_limit *limit = open_limit("gone.");
	struct rate rate = rate_of(60, 3, -1);
	struct rate_verdict verdict;
	struct err err;

	assert_int_equal(take(limit, "a", rate).word, RATE_ALLOWED);
	redis_server_stop(state);
	assert_int_equal(rate_limit_take(limit, "a", &rate, &verdict, &err), -1);
	assert_int_equal(err.kind, ERR_ENVIRONMENT);
	assert_int_equal(rate_limit_take(limit, "a", &rate, &verdict, &err), -1);
	assert_string_equal(err.text, "redis did not answer some seconds ago");
	rate_limit_close(&limit);
	assert_int_equal(rate_limit_open(&limit, "http://x", "x.", &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_sums),
	    cmocka_unit_test(shared_by_all),
	    cmocka_unit_test(redis_is_gone),
	};

	if (redis_server_is_missing())
		return 77;
	return cmocka_run_group_tests(tests, redis_server_start, redis_server_stop);
}
