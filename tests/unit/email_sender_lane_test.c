/* A lane: slower when asked, closed when refused, half open, open again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/email-sender/delivery/destination.h"

#define T0 INT64_C(1000000)

static enum lane_word look(const struct lane *lane, unsigned limit, int64_t at_ms)
{
	int64_t until_ms = 0;
	enum lane_word word = lane_look(lane, limit, at_ms, &until_ms);

	if (word >= LANE_PAUSED)
		assert_true(until_ms > at_ms);
	return word;
}

static int one(struct lane *lane, enum lane_news news, int64_t at_ms)
{
	lane_begin(lane);
	return lane_end(lane, news, at_ms);
}

static void connections_have_a_limit(void **state)
{
	struct lane lane = {0};

	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(look(&lane, 5, T0), LANE_GO);
		lane_begin(&lane);
	}
	assert_int_equal(look(&lane, 5, T0), LANE_FULL);
	assert_int_equal(look(&lane, 0, T0), LANE_GO);
	lane_end(&lane, LANE_WELL, T0);
	assert_int_equal(look(&lane, 5, T0), LANE_GO);
}

/* The pause doubles up to its bound, the connections halve, and come back one by one. */
static void slowed(void **state)
{
	static const int64_t pauses_ms[] = {30000, 60000, 120000, 240000, 480000, 900000, 900000};
	struct lane lane = {0};
	int64_t at_ms = T0;

	(void)state;
	for (int i = 0; i < 8; i++)
		lane_begin(&lane);
	for (size_t i = 0; i < sizeof(pauses_ms) / sizeof(*pauses_ms); i++) {
		lane_end(&lane, LANE_TOO_FAST, at_ms);
		lane_begin(&lane);
		/* The others that were under way hear the same, and it is one matter. */
		lane_end(&lane, LANE_TOO_FAST, at_ms + 5);
		lane_begin(&lane);
		assert_int_equal(look(&lane, 0, at_ms + pauses_ms[i] - 1), LANE_PAUSED);
		at_ms += pauses_ms[i];
		assert_true(look(&lane, 0, at_ms) != LANE_PAUSED);
	}
	assert_int_equal(lane.allowed, 1);
	lane.active = 0;
	for (int i = 0; i < LANE_WELL_COUNT - 1; i++)
		one(&lane, LANE_WELL, at_ms);
	assert_int_equal(lane.allowed, 1);
	one(&lane, LANE_WELL, at_ms);
	assert_int_equal(lane.allowed, 2);
	one(&lane, LANE_TOO_FAST, at_ms); /* and begins small again */
	assert_int_equal(look(&lane, 0, at_ms + 29999), LANE_PAUSED);
	assert_int_equal(look(&lane, 0, at_ms + 30000), LANE_GO);
}

static void refused(void **state)
{
	static const int64_t blocks_ms[] = {900000, 1800000, 3600000, 7200000, 14400000, 14400000};
	struct lane lane = {0};
	int64_t at_ms = T0;

	(void)state;
	/* What is said of one person now and then proves nothing. */
	for (int i = 0; i < 20; i++) {
		assert_int_equal(one(&lane, LANE_REFUSED, at_ms), 0);
		assert_int_equal(one(&lane, LANE_REFUSED, at_ms), 0);
		assert_int_equal(one(&lane, LANE_WELL, at_ms), 0);
	}
	one(&lane, LANE_REFUSED, at_ms);
	one(&lane, LANE_REFUSED, at_ms);
	assert_int_equal(one(&lane, LANE_REFUSED, at_ms), 1);
	for (size_t i = 0; i < sizeof(blocks_ms) / sizeof(*blocks_ms); i++) {
		assert_int_equal(look(&lane, 9, at_ms + blocks_ms[i] - 1), LANE_BLOCKED);
		at_ms += blocks_ms[i];
		/* Half open: one finds out for all; once is enough to close it again. */
		assert_int_equal(look(&lane, 9, at_ms), LANE_GO);
		lane_begin(&lane);
		assert_int_equal(look(&lane, 9, at_ms), LANE_FULL);
		assert_int_equal(lane_end(&lane, LANE_REFUSED, at_ms), 0);
	}
	at_ms += blocks_ms[5];
	assert_int_equal(one(&lane, LANE_WELL, at_ms), -1);
	assert_int_equal(look(&lane, 9, at_ms), LANE_GO);
	/* No doubt: at once, and with the first block's length again. */
	assert_int_equal(one(&lane, LANE_REFUSED_SURELY, at_ms), 1);
	assert_int_equal(one(&lane, LANE_REFUSED_SURELY, at_ms), 0);
	assert_int_equal(look(&lane, 9, at_ms + 899999), LANE_BLOCKED);
	assert_int_equal(look(&lane, 9, at_ms + 900000), LANE_GO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(connections_have_a_limit),
	    cmocka_unit_test(slowed),
	    cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
