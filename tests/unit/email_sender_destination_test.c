/* A destination: slower when asked, closed when refused, half open, open again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/email-sender/delivery/destination.h"

#define T0 INT64_C(1000000)

static enum destination_status look(const struct destination *destination, unsigned limit,
				    int64_t at_ms)
{
	int64_t until_ms = 0;
	enum destination_status word = destination_status(destination, limit, at_ms, &until_ms);

	if (word >= DESTINATION_PAUSED)
		assert_true(until_ms > at_ms);
	return word;
}

static int one(struct destination *destination, enum destination_feedback feedback, int64_t at_ms)
{
	destination_begin(destination);
	return destination_end(destination, feedback, at_ms);
}

static void connections_have_a_limit(void **state)
{
	struct destination destination = {0};

	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(look(&destination, 5, T0), DESTINATION_READY);
		destination_begin(&destination);
	}
	assert_int_equal(look(&destination, 5, T0), DESTINATION_FULL);
	assert_int_equal(look(&destination, 0, T0), DESTINATION_READY);
	destination_end(&destination, FEEDBACK_OK, T0);
	assert_int_equal(look(&destination, 5, T0), DESTINATION_READY);
}

/* The pause doubles up to its bound, the connections halve, and come back one by one. */
static void slowed(void **state)
{
	static const int64_t pauses_ms[] = {30000, 60000, 120000, 240000, 480000, 900000, 900000};
	struct destination destination = {0};
	int64_t at_ms = T0;

	(void)state;
	for (int i = 0; i < 8; i++)
		destination_begin(&destination);
	for (size_t i = 0; i < sizeof(pauses_ms) / sizeof(*pauses_ms); i++) {
		destination_end(&destination, FEEDBACK_SLOW_DOWN, at_ms);
		destination_begin(&destination);
		/* The others that were under way hear the same, and it is one matter. */
		destination_end(&destination, FEEDBACK_SLOW_DOWN, at_ms + 5);
		destination_begin(&destination);
		assert_int_equal(look(&destination, 0, at_ms + pauses_ms[i] - 1),
				 DESTINATION_PAUSED);
		at_ms += pauses_ms[i];
		assert_true(look(&destination, 0, at_ms) != DESTINATION_PAUSED);
	}
	assert_int_equal(destination.allowed, 1);
	destination.active = 0;
	for (int i = 0; i < DESTINATION_RECOVERY_COUNT - 1; i++)
		one(&destination, FEEDBACK_OK, at_ms);
	assert_int_equal(destination.allowed, 1);
	one(&destination, FEEDBACK_OK, at_ms);
	assert_int_equal(destination.allowed, 2);
	one(&destination, FEEDBACK_SLOW_DOWN, at_ms); /* and begins small again */
	assert_int_equal(look(&destination, 0, at_ms + 29999), DESTINATION_PAUSED);
	assert_int_equal(look(&destination, 0, at_ms + 30000), DESTINATION_READY);
}

static void refused(void **state)
{
	static const int64_t blocks_ms[] = {900000, 1800000, 3600000, 7200000, 14400000, 14400000};
	struct destination destination = {0};
	int64_t at_ms = T0;

	(void)state;
	/* What is said of one person now and then proves nothing. */
	for (int i = 0; i < 20; i++) {
		assert_int_equal(one(&destination, FEEDBACK_BLOCK_SUSPECTED, at_ms), 0);
		assert_int_equal(one(&destination, FEEDBACK_BLOCK_SUSPECTED, at_ms), 0);
		assert_int_equal(one(&destination, FEEDBACK_OK, at_ms), 0);
	}
	one(&destination, FEEDBACK_BLOCK_SUSPECTED, at_ms);
	one(&destination, FEEDBACK_BLOCK_SUSPECTED, at_ms);
	assert_int_equal(one(&destination, FEEDBACK_BLOCK_SUSPECTED, at_ms), 1);
	for (size_t i = 0; i < sizeof(blocks_ms) / sizeof(*blocks_ms); i++) {
		assert_int_equal(look(&destination, 9, at_ms + blocks_ms[i] - 1),
				 DESTINATION_BLOCKED);
		at_ms += blocks_ms[i];
		/* Half open: one finds out for all; once is enough to close it again. */
		assert_int_equal(look(&destination, 9, at_ms), DESTINATION_READY);
		destination_begin(&destination);
		assert_int_equal(look(&destination, 9, at_ms), DESTINATION_FULL);
		assert_int_equal(destination_end(&destination, FEEDBACK_BLOCK_SUSPECTED, at_ms), 0);
	}
	at_ms += blocks_ms[5];
	assert_int_equal(one(&destination, FEEDBACK_OK, at_ms), -1);
	assert_int_equal(look(&destination, 9, at_ms), DESTINATION_READY);
	/* No doubt: at once, and with the first block's length again. */
	assert_int_equal(one(&destination, FEEDBACK_BLOCKED, at_ms), 1);
	assert_int_equal(one(&destination, FEEDBACK_BLOCKED, at_ms), 0);
	assert_int_equal(look(&destination, 9, at_ms + 899999), DESTINATION_BLOCKED);
	assert_int_equal(look(&destination, 9, at_ms + 900000), DESTINATION_READY);
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
